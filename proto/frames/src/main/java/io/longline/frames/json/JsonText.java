package io.longline.frames.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.google.protobuf.Message;
import io.longline.frames.DecodeResult;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** One JSON object as UTF-8 bytes, strictly. */
final class JsonText {
    /** Objects and lists within each other, those of unknown fields included. Frames themselves need five. */
    static final int MAX_NESTING = 32;

    /** No shared tables of names: an attacker's names must leave nothing behind. */
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(MAX_NESTING).build())
            .build();

    /** Reads the object whose opening brace is the parser's current token, up to its closing brace. */
    interface Body<R> {
        DecodeResult<R> read(JsonParser in) throws IOException, JsonProblem;
    }

    private JsonText() {}

    /** Decodes UTF-8 first and by itself, because the parser would guess at UTF-16 and let some bad sequences pass. */
    static <R> DecodeResult<R> read(ByteBuffer utf8, int maxBytes, Body<R> body) {
        if (utf8.remaining() > maxBytes) {
            return new DecodeResult.TooLarge<>(utf8.remaining(), maxBytes);
        }
        CharBuffer text;
        try {
            text = StandardCharsets.UTF_8.newDecoder().decode(utf8);
        } catch (CharacterCodingException e) {
            return new DecodeResult.Malformed<>("not UTF-8");
        }
        try (JsonParser in = FACTORY.createParser(text.array(), text.arrayOffset(), text.remaining())) {
            return readWhole(in, body);
        } catch (JsonProblem e) {
            return new DecodeResult.Malformed<>(e.problem());
        } catch (IOException e) {
            // The parser's own message quotes the text, which may hold a token.
            return new DecodeResult.Malformed<>("not JSON, a key twice, or nested deeper than " + MAX_NESTING);
        }
    }

    private static <R> DecodeResult<R> readWhole(JsonParser in, Body<R> body) throws IOException, JsonProblem {
        if (in.nextToken() != JsonToken.START_OBJECT) {
            throw new JsonProblem("expected an object");
        }
        DecodeResult<R> result = body.read(in);
        if (in.nextToken() != null) {
            throw new JsonProblem("something follows the object");
        }
        return result;
    }

    /** Through characters, so that half of a surrogate pair becomes a question mark, as it does in protobuf, and not an error. */
    static ByteBuffer write(Message message) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = FACTORY.createGenerator(text)) {
            JsonWriter.writeObject(out, message);
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory cannot fail", e);
        }
        return ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8));
    }
}
