package io.longline.room.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longline.v1.Pong;
import io.longline.v1.ServerFrame;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SharedFrameTest {
    private final SharedFrame shared = new SharedFrame(
            ServerFrame.newBuilder().setPong(Pong.getDefaultInstance()).build());

    private static SharedFrame.Format format(byte mark, AtomicInteger encoded) {
        return (frame, out) -> {
            encoded.incrementAndGet();
            out.writeByte(mark).writeBytes(frame.toByteArray());
        };
    }

    @Test
    void eachFormatIsEncodedOnceAndAllLinksOfItAreHandedTheSameBytes() {
        AtomicInteger encoded = new AtomicInteger();
        SharedFrame.Format one = format((byte) 1, encoded);
        SharedFrame.Format other = format((byte) 2, encoded);

        ByteBuf first = shared.bytes(one);
        ByteBuf second = shared.bytes(other);

        assertThat(shared.bytes(one)).isSameAs(first);
        assertThat(shared.bytes(other)).isSameAs(second);
        assertThat(encoded).hasValue(2);
        assertThat(first.getByte(0)).isEqualTo((byte) 1);
        assertThat(second.getByte(0)).isEqualTo((byte) 2);
        shared.release();
    }

    @Test
    void whatWasEncodedInPartIsNotHandedToOthers() {
        AtomicInteger tries = new AtomicInteger();
        SharedFrame.Format second = (_, out) -> {
            out.writeByte(7);
            if (tries.incrementAndGet() == 1) {
                throw new IllegalStateException("as the test wants it");
            }
        };

        assertThatThrownBy(() -> shared.bytes(second)).hasMessage("as the test wants it");
        assertThat(shared.bytes(second).readableBytes()).isEqualTo(1);
        shared.release();
    }

    @Test
    void whatALinkKeepsStaysWhenItIsReleased() {
        ByteBuf kept = shared.bytes(format((byte) 1, new AtomicInteger())).retainedDuplicate();

        shared.release();

        assertThat(kept.refCnt()).isEqualTo(1);
        assertThat(kept.readByte()).isEqualTo((byte) 1);
        assertThat(kept.release()).isTrue();
    }
}
