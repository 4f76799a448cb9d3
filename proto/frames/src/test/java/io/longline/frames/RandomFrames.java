package io.longline.frames;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.OneofDescriptor;
import com.google.protobuf.Message;
import java.util.List;
import java.util.Random;

/** Makes frames with random fields, out of the descriptors, from a seed. */
final class RandomFrames {
    private static final String[] TEXTS = {"", "u1001", "héllo", "\"\\/\b\n\u0000\u001f", "🐟🐠", "\u2028", "{}"};

    private final Random random;

    RandomFrames(long seed) {
        this.random = new Random(seed);
    }

    /** A frame of a random kind. */
    <F extends Message> F next(Direction<F> direction, Class<F> type, F empty) {
        List<FieldDescriptor> kinds = empty.getDescriptorForType().getFields();
        FieldDescriptor kind = kinds.get(random.nextInt(kinds.size()));
        return type.cast(direction.frame(kind, fill(direction.body(kind))));
    }

    private Message fill(Message.Builder message) {
        for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
            OneofDescriptor oneof = field.getRealContainingOneof();
            if (random.nextInt(3) == 0 || (oneof != null && message.hasOneof(oneof))) {
                continue;
            }
            if (field.isRepeated()) {
                for (int i = random.nextInt(4); i > 0; i--) {
                    message.addRepeatedField(field, value(message, field));
                }
            } else {
                message.setField(field, value(message, field));
            }
        }
        return message.build();
    }

    private Object value(Message.Builder parent, FieldDescriptor field) {
        return switch (field.getJavaType()) {
            case INT -> random.nextInt();
            case LONG -> random.nextLong() >>> (1 + random.nextInt(63));
            case DOUBLE -> random.nextGaussian() * 1e6;
            case BOOLEAN -> random.nextBoolean();
            case STRING -> TEXTS[random.nextInt(TEXTS.length)];
            case BYTE_STRING -> ByteString.copyFrom(bytes(random.nextInt(20)));
            case MESSAGE -> fill(parent.newBuilderForField(field));
            case FLOAT, ENUM -> throw new AssertionError(field.getFullName());
        };
    }

    byte[] bytes(int size) {
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        return bytes;
    }

    int below(int bound) {
        return random.nextInt(bound);
    }
}
