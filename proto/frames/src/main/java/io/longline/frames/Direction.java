package io.longline.frames;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.OneofDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import io.longline.v1.ClientFrame;
import io.longline.v1.ServerFrame;
import org.jspecify.annotations.Nullable;

/** Which way frames travel, and so which kinds there are: a codec is made for one direction. */
public final class Direction<F extends Message> {
    public static final Direction<ClientFrame> CLIENT_TO_ROOM =
            new Direction<>(ClientFrame.class, ClientFrame.getDefaultInstance(), ClientFrame.parser());
    public static final Direction<ServerFrame> ROOM_TO_CLIENT =
            new Direction<>(ServerFrame.class, ServerFrame.getDefaultInstance(), ServerFrame.parser());

    private final Class<F> type;
    private final F empty;
    private final Parser<F> parser;
    private final OneofDescriptor kinds;

    private Direction(Class<F> type, F empty, Parser<F> parser) {
        this.type = type;
        this.empty = empty;
        this.parser = parser;
        this.kinds = empty.getDescriptorForType().getOneofs().get(0);
    }

    /** The kind of this name ({@code push}), or null where this direction knows none. */
    public @Nullable FieldDescriptor kind(String name) {
        FieldDescriptor field = empty.getDescriptorForType().findFieldByName(name);
        return field != null && field.getContainingOneof() == kinds ? field : null;
    }

    /** A frame of one kind. */
    public F frame(FieldDescriptor kind, Message body) {
        return type.cast(empty.newBuilderForType().setField(kind, body).build());
    }

    /** An empty builder of the body of one kind. */
    public Message.Builder body(FieldDescriptor kind) {
        return empty.newBuilderForType().newBuilderForField(kind);
    }

    Parser<F> parser() {
        return parser;
    }

    boolean hasKind(F frame) {
        return frame.hasOneof(kinds);
    }
}
