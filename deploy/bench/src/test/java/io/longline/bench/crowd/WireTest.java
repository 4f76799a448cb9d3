package io.longline.bench.crowd;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.v1.CaughtUp;
import io.longline.v1.ClientFrame;
import io.longline.v1.Ping;
import io.longline.v1.Push;
import io.longline.v1.ServerFrame;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class WireTest {
    private static final ServerFrame SMALL = ServerFrame.newBuilder()
            .setCaughtUp(CaughtUp.newBuilder().setRef(1))
            .build();
    private static final ServerFrame LARGE = ServerFrame.newBuilder()
            .setPush(Push.newBuilder().setText("x".repeat(1_000)))
            .build();

    private static byte[] nativeFrames() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        SMALL.writeDelimitedTo(out);
        LARGE.writeDelimitedTo(out);
        return out.toByteArray();
    }

    private static byte[] webFrames() {
        byte[] small = SMALL.toByteArray();
        byte[] large = LARGE.toByteArray();
        ByteBuffer out = ByteBuffer.allocate(small.length + large.length + 6);
        out.put((byte) 0x82).put((byte) small.length).put(small);
        out.put((byte) 0x82).put((byte) 126).putShort((short) large.length).put(large);
        return out.array();
    }

    @Test
    void framesAreFoundOneAfterTheOther() throws IOException {
        for (Wire wire : new Wire[] {Wire.NATIVE, Wire.WEB}) {
            ByteBuffer in = ByteBuffer.wrap(wire == Wire.WEB ? webFrames() : nativeFrames());

            assertThat(ServerFrame.parseFrom(wire.next(in))).isEqualTo(SMALL);
            assertThat(ServerFrame.parseFrom(wire.next(in))).isEqualTo(LARGE);
            assertThat(wire.next(in)).isNull();
            assertThat(in.hasRemaining()).isFalse();
        }
    }

    @Test
    void aMessageOfMoreThan64KibHasALongLength() throws IOException {
        byte[] frame = ServerFrame.newBuilder()
                .setPush(Push.newBuilder().setText("x".repeat(100_000)))
                .build()
                .toByteArray();
        ByteBuffer all = ByteBuffer.allocate(frame.length + 10);
        all.put((byte) 0x82).put((byte) 127).putLong(frame.length).put(frame).flip();

        assertThat(Wire.WEB.next(all.duplicate().limit(9))).isNull();
        assertThat(Wire.WEB.next(all.duplicate().limit(all.limit() - 1))).isNull();
        assertThat(ServerFrame.parseFrom(Wire.WEB.next(all)).getPush().getText())
                .hasSize(100_000);
    }

    @Test
    void whatIsCutStaysUntilTheRestComes() throws IOException {
        for (Wire wire : new Wire[] {Wire.NATIVE, Wire.WEB}) {
            byte[] all = wire == Wire.WEB ? webFrames() : nativeFrames();
            int first = wire == Wire.WEB ? SMALL.getSerializedSize() + 2 : SMALL.getSerializedSize() + 1;
            for (int cut = first; cut < all.length; cut++) {
                ByteBuffer in = ByteBuffer.wrap(Arrays.copyOf(all, cut));
                assertThat(wire.next(in)).isNotNull();
                assertThat(wire.next(in)).as("%s cut at %d", wire, cut).isNull();
                assertThat(in.remaining()).isEqualTo(cut - first);
            }
        }
    }

    @Test
    void clientFramesAreDelimitedOrMasked() throws IOException {
        ClientFrame ping =
                ClientFrame.newBuilder().setPing(Ping.getDefaultInstance()).build();

        assertThat(ClientFrame.parseDelimitedFrom(new ByteArrayInputStream(Wire.NATIVE.bytes(ping))))
                .isEqualTo(ping);
        byte[] masked = Wire.WEB.bytes(ping);
        assertThat(masked[0]).isEqualTo((byte) 0x82);
        assertThat(masked[1]).isEqualTo((byte) (0x80 | ping.getSerializedSize()));
        assertThat(Arrays.copyOfRange(masked, 6, masked.length)).isEqualTo(ping.toByteArray());
    }
}
