package io.longline.frames.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.OneofDescriptor;
import com.google.protobuf.Message;
import java.io.IOException;
import java.util.Base64;

/**
 * Reads a message out of a JSON object. Unknown fields are skipped; {@code null} is a field left out; a field of the wrong type, a
 * number out of range, and two members of one oneof are a {@link JsonProblem} that says where.
 */
final class JsonReader {
    private static final long MAX_UINT32 = 0xFFFF_FFFFL;
    private static final long MAX_UINT64 = -1; // as an unsigned number

    private JsonReader() {}

    /** The value that begins at the current token must be an object. */
    static void readObject(JsonParser in, Message.Builder into) throws IOException, JsonProblem {
        if (in.currentToken() != JsonToken.START_OBJECT) {
            throw expected(in, "an object");
        }
        readFields(in, into);
    }

    /** From behind the opening brace to the closing one. */
    static void readFields(JsonParser in, Message.Builder into) throws IOException, JsonProblem {
        while (in.nextToken() != JsonToken.END_OBJECT) {
            FieldDescriptor field = into.getDescriptorForType().findFieldByName(in.currentName());
            JsonToken value = in.nextToken();
            if (field == null) {
                in.skipChildren();
            } else if (value != JsonToken.VALUE_NULL) {
                readField(in, field, into);
            }
        }
    }

    private static void readField(JsonParser in, FieldDescriptor field, Message.Builder into)
            throws IOException, JsonProblem {
        OneofDescriptor oneof = field.getRealContainingOneof();
        if (oneof != null && into.hasOneof(oneof)) {
            throw expected(in, "only one field of " + oneof.getName());
        }
        if (!field.isRepeated()) {
            into.setField(field, value(in, field, into));
            return;
        }
        if (in.currentToken() != JsonToken.START_ARRAY) {
            throw expected(in, "a list");
        }
        while (in.nextToken() != JsonToken.END_ARRAY) {
            into.addRepeatedField(field, value(in, field, into));
        }
    }

    private static Object value(JsonParser in, FieldDescriptor field, Message.Builder parent)
            throws IOException, JsonProblem {
        return switch (field.getJavaType()) {
            case INT -> (int) unsigned(in, MAX_UINT32);
            case LONG -> unsigned(in, MAX_UINT64);
            case DOUBLE -> number(in);
            case BOOLEAN -> bool(in);
            case STRING -> text(in);
            case BYTE_STRING -> bytes(in);
            case MESSAGE -> {
                Message.Builder message = parent.newBuilderForField(field);
                readObject(in, message);
                yield message.build();
            }
            case FLOAT, ENUM -> throw new IllegalStateException("frames have no such field: " + field.getFullName());
        };
    }

    /** 64-bit numbers may come as strings, because a number in JavaScript has 53 bits. */
    private static long unsigned(JsonParser in, long max) throws IOException, JsonProblem {
        if (in.currentToken() != JsonToken.VALUE_STRING || max == MAX_UINT32) {
            require(in, JsonToken.VALUE_NUMBER_INT, "a whole number");
        }
        String digits = in.getText();
        long value = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(i) - '0';
            if (digit < 0 || digit > 9 || Long.compareUnsigned(value, Long.divideUnsigned(max - digit, 10)) > 0) {
                throw expected(in, "a whole number from 0 to " + Long.toUnsignedString(max));
            }
            value = value * 10 + digit;
        }
        if (digits.isEmpty()) {
            throw expected(in, "a whole number");
        }
        return value;
    }

    private static boolean bool(JsonParser in) throws JsonProblem {
        if (in.currentToken() != JsonToken.VALUE_TRUE) {
            require(in, JsonToken.VALUE_FALSE, "true or false");
        }
        return in.currentToken() == JsonToken.VALUE_TRUE;
    }

    private static double number(JsonParser in) throws IOException, JsonProblem {
        if (in.currentToken() != JsonToken.VALUE_NUMBER_INT) {
            require(in, JsonToken.VALUE_NUMBER_FLOAT, "a number");
        }
        double value = in.getDoubleValue();
        if (Double.isInfinite(value) || Double.isNaN(value)) {
            throw expected(in, "a finite number");
        }
        return value;
    }

    /** An escape may name half of a surrogate pair; that is no text. */
    private static String text(JsonParser in) throws IOException, JsonProblem {
        require(in, JsonToken.VALUE_STRING, "a string");
        String text = in.getText();
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                if (!Character.isSurrogatePair(text.charAt(i), i + 1 < text.length() ? text.charAt(i + 1) : ' ')) {
                    throw expected(in, "Unicode text");
                }
                i++;
            }
        }
        return text;
    }

    private static ByteString bytes(JsonParser in) throws IOException, JsonProblem {
        require(in, JsonToken.VALUE_STRING, "a base64 string");
        try {
            return ByteString.copyFrom(Base64.getDecoder().decode(in.getText()));
        } catch (IllegalArgumentException e) {
            throw expected(in, "standard base64");
        }
    }

    private static void require(JsonParser in, JsonToken token, String what) throws JsonProblem {
        if (in.currentToken() != token) {
            throw expected(in, what);
        }
    }

    /** Only known fields are on the path, so it quotes nothing of the sender's. */
    private static JsonProblem expected(JsonParser in, String what) {
        return new JsonProblem(in.getParsingContext().pathAsPointer() + ": expected " + what);
    }
}
