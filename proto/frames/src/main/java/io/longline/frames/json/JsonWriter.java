package io.longline.frames.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.io.IOException;
import java.util.Base64;
import java.util.List;

/**
 * Writes a message field by field, in the order of the proto file. Lists are always written, also empty; a field with presence
 * ({@code optional}, a member of a oneof, a message) only where it is there; all others always.
 */
final class JsonWriter {

    private JsonWriter() {}

    static void writeObject(JsonGenerator out, Message message) throws IOException {
        out.writeStartObject();
        for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
            if (field.hasPresence() && !message.hasField(field)) {
                continue;
            }
            out.writeFieldName(field.getName());
            if (field.isRepeated()) {
                out.writeStartArray();
                for (Object item : (List<?>) message.getField(field)) {
                    writeValue(out, field, item);
                }
                out.writeEndArray();
            } else {
                writeValue(out, field, message.getField(field));
            }
        }
        out.writeEndObject();
    }

    private static void writeValue(JsonGenerator out, FieldDescriptor field, Object value) throws IOException {
        switch (field.getJavaType()) {
            case INT -> out.writeNumber(Integer.toUnsignedLong((Integer) value));
            case LONG -> out.writeNumber(Long.toUnsignedString((Long) value));
            case DOUBLE -> out.writeNumber((Double) value);
            case BOOLEAN -> out.writeBoolean((Boolean) value);
            case STRING -> out.writeString((String) value);
            case BYTE_STRING -> out.writeString(Base64.getEncoder().encodeToString(((ByteString) value).toByteArray()));
            case MESSAGE -> writeObject(out, (Message) value);
            case FLOAT, ENUM -> throw new IllegalStateException("frames have no such field: " + field.getFullName());
        }
    }
}
