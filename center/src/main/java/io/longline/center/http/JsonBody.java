package io.longline.center.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.keeper.error.LonglineException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The JSON object of a request body, strictly read: UTF-8 alone, no key twice at any depth, nothing behind the object, nested at most
 * {@value #MAX_DEPTH} deep. One top-level field may be kept as it was written, for who passes it on.
 */
public final class JsonBody {
    static final int MAX_DEPTH = 100;
    private static final int MAX_PROBLEM_LENGTH = 200;
    /** Beside a large one. */
    private static final int MOST_SMALL_FIELDS = 100;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
            .build();
    private static final ObjectMapper MAPPER = new ObjectMapper(FACTORY);

    private final ObjectNode root;
    private final @Nullable String raw;

    private JsonBody(ObjectNode root, @Nullable String raw) {
        this.root = root;
        this.raw = raw;
    }

    /** Throws INVALID_ARGUMENT that says where the body is wrong. */
    public static JsonBody read(byte[] body) {
        return read(body, "");
    }

    /**
     * The same; a value of {@code rawField} other than a string is not read but kept as its characters, without the white space
     * between its tokens.
     */
    public static JsonBody read(byte[] body, String rawField) {
        if (body.length == 0) {
            throw LonglineException.invalid("body", "expected a JSON object, the body is empty");
        }
        return read(utf8(body), rawField);
    }

    /**
     * The same of a body that is read as it comes, and is larger than memory should hold: of a small object one field is large. Its value is handed over
     * where the parser stands at its beginning, to be left at its end; afterwards it is null. Others keep what is a text, a number or a flag; of a list or an
     * object it is only known that it is one.
     */
    public static JsonBody read(InputStream body, String largeField, ValueReader large) {
        InputStreamReader utf8 = new InputStreamReader(body, StandardCharsets.UTF_8.newDecoder());
        try (JsonParser parser = FACTORY.createParser(utf8)) {
            return read(parser, largeField, large);
        } catch (CharacterCodingException e) {
            throw notUtf8();
        } catch (IOException e) {
            throw new UncheckedIOException("reading a body", e);
        }
    }

    /** Reads one value. */
    @FunctionalInterface
    public interface ValueReader {
        void read(JsonParser parser) throws IOException;
    }

    private static JsonBody read(JsonParser parser, String largeField, ValueReader large) throws IOException {
        try {
            begin(parser);
            ObjectNode root = MAPPER.createObjectNode();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                if (root.size() == MOST_SMALL_FIELDS) {
                    throw LonglineException.invalid("body", "expected at most " + MOST_SMALL_FIELDS + " fields");
                }
                if (name.equals(largeField)) {
                    large.read(parser);
                    root.putNull(name);
                } else if (value.isStructStart()) {
                    parser.skipChildren();
                    root.putObject(name);
                } else {
                    root.set(name, MAPPER.readTree(parser));
                }
            }
            end(parser);
            return new JsonBody(root, null);
        } catch (JsonProcessingException e) {
            throw LonglineException.invalid(field(e, parser), problem(e));
        }
    }

    private static void begin(JsonParser parser) throws IOException {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw LonglineException.invalid("body", "expected a JSON object");
        }
    }

    private static void end(JsonParser parser) throws IOException {
        if (parser.nextToken() != null) {
            throw LonglineException.invalid("body", "expected one JSON object, something follows it");
        }
    }

    private static LonglineException notUtf8() {
        return LonglineException.invalid("body", "expected UTF-8, some bytes are not");
    }

    /** The same of a body that is a part of another one. */
    public static JsonBody read(String text, String rawField) {
        try (JsonParser parser = FACTORY.createParser(text)) {
            return read(parser, text, rawField);
        } catch (IOException e) {
            throw new UncheckedIOException("reading from a string", e);
        }
    }

    private static JsonBody read(JsonParser parser, String text, String rawField) throws IOException {
        try {
            begin(parser);
            ObjectNode root = MAPPER.createObjectNode();
            String raw = null;
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                if (name.equals(rawField) && value != JsonToken.VALUE_STRING) {
                    raw = slice(parser, text);
                    root.putNull(name);
                } else {
                    root.set(name, MAPPER.readTree(parser));
                }
            }
            end(parser);
            return new JsonBody(root, raw);
        } catch (JsonProcessingException e) {
            throw LonglineException.invalid(field(e, parser), problem(e));
        }
    }

    /** The characters of the value at which the parser stands. */
    private static String slice(JsonParser parser, String text) throws IOException {
        int from = (int) parser.currentTokenLocation().getCharOffset();
        parser.skipChildren();
        parser.finishToken();
        return compact(text, from, (int) parser.currentLocation().getCharOffset());
    }

    /** Without white space between tokens; the parser has seen that it is JSON. */
    private static String compact(String json, int from, int to) {
        StringBuilder compact = new StringBuilder(to - from);
        boolean inString = false;
        for (int i = from; i < to; i++) {
            char c = json.charAt(i);
            if (!inString && (c == ' ' || c == '\t' || c == '\n' || c == '\r')) {
                continue;
            }
            compact.append(c);
            if (inString && c == '\\') {
                compact.append(json.charAt(++i));
            } else if (c == '"') {
                inString = !inString;
            }
        }
        return compact.toString();
    }

    /** INVALID_ARGUMENT where it is none. */
    public static String utf8(byte[] body) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
        } catch (CharacterCodingException e) {
            throw notUtf8();
        }
    }

    /** A key that stands twice is named; all else is wrong with the body. */
    private static String field(JsonProcessingException e, JsonParser parser) {
        return isDuplicate(e) ? path(parser.getParsingContext()) : "body";
    }

    private static boolean isDuplicate(JsonProcessingException e) {
        return e instanceof JsonParseException && e.getOriginalMessage().startsWith("Duplicate field");
    }

    /** {@code options.ttl_s}, {@code payload.items[3].id}. */
    private static String path(JsonStreamContext at) {
        JsonStreamContext parent = at.getParent();
        String above = parent == null || parent.inRoot() ? "" : path(parent);
        if (at.inArray()) {
            return above + "[" + at.getCurrentIndex() + "]";
        }
        return above.isEmpty() ? at.getCurrentName() : above + "." + at.getCurrentName();
    }

    private static String problem(JsonProcessingException e) {
        if (isDuplicate(e)) {
            return "stands there twice";
        }
        if (e instanceof StreamConstraintsException) {
            return "expected at most " + MAX_DEPTH + " levels and numbers of at most 1000 digits: " + shortened(e);
        }
        JsonLocation at = e.getLocation();
        String where = at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
        return "expected JSON" + where + ": " + shortened(e);
    }

    private static String shortened(JsonProcessingException e) {
        String message = e.getOriginalMessage();
        return message.length() <= MAX_PROBLEM_LENGTH ? message : message.substring(0, MAX_PROBLEM_LENGTH) + "…";
    }

    public Fields fields() {
        return Fields.of(root);
    }

    /** The items of the raw field, each as it was written; none where it is no list. */
    public List<String> rawItems() {
        if (raw == null || !raw.startsWith("[")) {
            return List.of();
        }
        try (JsonParser parser = FACTORY.createParser(raw)) {
            List<String> items = new ArrayList<>();
            parser.nextToken();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                items.add(slice(parser, raw));
            }
            return items;
        } catch (IOException e) {
            throw new UncheckedIOException("reading what was read before", e);
        }
    }

    /** The characters of the raw field; empty where it is absent or a string. */
    public Optional<String> raw() {
        return Optional.ofNullable(raw);
    }
}
