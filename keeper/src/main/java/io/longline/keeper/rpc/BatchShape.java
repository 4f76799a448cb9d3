package io.longline.keeper.rpc;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.rpc.Status;
import java.util.Locale;

/** The fields that every batch and every list of replies has, as {@code common.proto} says. */
record BatchShape(
        FieldDescriptor batchId,
        FieldDescriptor deadlineMillis,
        FieldDescriptor requests,
        FieldDescriptor untilMillis,
        FieldDescriptor repliesId,
        FieldDescriptor batchError,
        FieldDescriptor replies,
        FieldDescriptor at,
        FieldDescriptor itemError) {

    /** Fails with the method's name and the field that is not as it should be. */
    BatchShape(String method, Descriptor batch, Descriptor answer) {
        this(
                field(method, batch, 1, "id", FieldDescriptor.Type.UINT64),
                field(method, batch, 2, "deadline_ms", FieldDescriptor.Type.UINT32),
                list(method, batch, 3, "requests"),
                field(method, batch, 4, "until_ms", FieldDescriptor.Type.UINT64),
                field(method, answer, 1, "id", FieldDescriptor.Type.UINT64),
                error(method, answer, 2),
                list(method, answer, 3, "replies"),
                numbers(method, answer, 4, "at"),
                error(method, list(method, answer, 3, "replies").getMessageType(), 1));
    }

    private static FieldDescriptor list(String method, Descriptor type, int number, String name) {
        FieldDescriptor field = field(method, type, number, name, FieldDescriptor.Type.MESSAGE);
        if (!field.isRepeated()) {
            throw wrong(method, type, number, "repeated " + name);
        }
        return field;
    }

    private static FieldDescriptor numbers(String method, Descriptor type, int number, String name) {
        FieldDescriptor field = field(method, type, number, name, FieldDescriptor.Type.UINT32);
        if (!field.isRepeated()) {
            throw wrong(method, type, number, "repeated uint32 " + name);
        }
        return field;
    }

    private static FieldDescriptor error(String method, Descriptor type, int number) {
        FieldDescriptor field = field(method, type, number, "error", FieldDescriptor.Type.MESSAGE);
        if (field.isRepeated() || !field.getMessageType().equals(Status.getDescriptor())) {
            throw wrong(method, type, number, "google.rpc.Status error");
        }
        return field;
    }

    private static FieldDescriptor field(
            String method, Descriptor type, int number, String name, FieldDescriptor.Type kind) {
        FieldDescriptor field = type.findFieldByNumber(number);
        if (field == null || !field.getName().equals(name) || field.getType() != kind) {
            throw wrong(method, type, number, kind.name().toLowerCase(Locale.ROOT) + " " + name);
        }
        return field;
    }

    private static IllegalArgumentException wrong(String method, Descriptor type, int number, String expected) {
        return new IllegalArgumentException(method + ": field " + number + " of " + type.getName() + " is not \""
                + expected + " = " + number + "\"");
    }
}
