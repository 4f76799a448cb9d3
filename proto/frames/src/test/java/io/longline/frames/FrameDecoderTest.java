package io.longline.frames;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longline.v1.Ack;
import io.longline.v1.ClientFrame;
import io.longline.v1.Ping;
import io.longline.v1.Uplink;
import java.lang.management.ManagementFactory;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class FrameDecoderTest {
    private static final ClientFrame ACK = ClientFrame.newBuilder()
            .setAck(Ack.newBuilder().setRef(1).setSeq(7))
            .build();
    private static final ClientFrame PING =
            ClientFrame.newBuilder().setPing(Ping.getDefaultInstance()).build();

    private final FrameDecoder<ClientFrame> decoder =
            new FrameDecoder<>(Direction.CLIENT_TO_ROOM, FrameLimits.FROM_CLIENT);

    @Test
    void readsSeveralFramesFromOneBuffer() {
        assertThat(frames(joined(ACK, PING, ACK))).containsExactly(ACK, PING, ACK);
    }

    @Test
    void readsFramesThatComeByteByByte() {
        ClientFrame large = uplinkOf(5_000);
        ByteBuffer all = joined(large, PING, large);
        List<ClientFrame> frames = new ArrayList<>();
        while (all.hasRemaining()) {
            frames.addAll(frames(ByteBuffer.wrap(new byte[] {all.get()})));
        }
        assertThat(frames).containsExactly(large, PING, large);
    }

    @Test
    void readsFromADirectReadOnlyBufferWithSomethingAround() {
        ByteBuffer direct = ByteBuffer.allocateDirect(100);
        direct.position(10);
        direct.put(FrameEncoder.encode(ACK)).limit(direct.position()).position(10);
        assertThat(frames(direct.asReadOnlyBuffer())).containsExactly(ACK);
    }

    @Test
    void takesAFrameOfExactlyTheLimitAndRefusesOneByteMore() {
        ClientFrame frame = uplinkOf(100);
        ByteBuffer bytes = FrameEncoder.encode(frame);
        int size = frame.getSerializedSize();
        assertThat(new FrameDecoder<>(Direction.CLIENT_TO_ROOM, FrameLimits.of(size)).decode(bytes.duplicate()))
                .isInstanceOf(DecodeResult.Frame.class);
        assertThat(new FrameDecoder<>(Direction.CLIENT_TO_ROOM, FrameLimits.of(size - 1)).decode(bytes.duplicate()))
                .isInstanceOfSatisfying(
                        DecodeResult.TooLarge.class,
                        tooLarge -> assertThat(tooLarge.closeCode()).isEqualTo(CloseCode.FRAME_TOO_LARGE));
    }

    @Test
    void refusesAnAnnouncedGibibyteWithoutAllocatingIt() {
        var memory = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        ByteBuffer warmUp = hex("80 80 80 80 04");
        new FrameDecoder<>(Direction.CLIENT_TO_ROOM, FrameLimits.FROM_CLIENT).decode(warmUp);
        ByteBuffer announced = hex("80 80 80 80 04");

        long before = memory.getCurrentThreadAllocatedBytes();
        DecodeResult<ClientFrame> result = decoder.decode(announced);
        long allocated = memory.getCurrentThreadAllocatedBytes() - before;

        assertThat(result).isInstanceOf(DecodeResult.TooLarge.class);
        assertThat(((DecodeResult.Refused<?>) result).problem())
                .isEqualTo("frame of 1073741824 bytes, the limit is 65536");
        assertThat(allocated).isLessThan(4_096);
    }

    @Test
    void keepsNoMoreOfAPartlySentFrameThanCame() {
        var memory = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        new FrameDecoder<>(Direction.CLIENT_TO_ROOM, FrameLimits.FROM_CLIENT).decode(hex("80 80 04 0a"));
        ByteBuffer firstBytes = hex("80 80 04 0a");

        long before = memory.getCurrentThreadAllocatedBytes();
        DecodeResult<ClientFrame> result = decoder.decode(firstBytes);
        long allocated = memory.getCurrentThreadAllocatedBytes() - before;

        assertThat(result).isInstanceOf(DecodeResult.NeedMore.class);
        assertThat(allocated).isLessThan(4_096);
    }

    @Test
    void refusesALengthOfMoreThanFiveBytes() {
        assertMalformed(decoder.decode(hex("80 80 80 80 80")), "a length of more than 5 bytes");
    }

    @Test
    void swallowsEverythingAfterARefusedFrame() {
        assertMalformed(decoder.decode(hex("02 ff ff")), "not a protobuf frame");
        ByteBuffer more = joined(ACK, PING);
        assertThat(decoder.decode(more)).isInstanceOf(DecodeResult.NeedMore.class);
        assertThat(more.hasRemaining()).isFalse();
    }

    @Test
    void refusesAFrameWithoutAnyKind() {
        assertMalformed(decoder.decode(hex("00")), "a frame without a kind");
    }

    @Test
    void tellsAnUnknownKindAndGoesOn() {
        ByteBuffer unknownThenPing = hex("03 a2 06 00 02 52 00");
        assertThat(decoder.decode(unknownThenPing))
                .isInstanceOfSatisfying(
                        DecodeResult.Unknown.class,
                        unknown -> assertThat(unknown.kind()).isEqualTo("field 100"));
        assertThat(frames(unknownThenPing)).containsExactly(PING);
    }

    @Test
    void ignoresUnknownFieldsWithinAKnownKind() {
        assertThat(decoder.decode(hex("09 32 07 08 01 10 07 a2 06 00"))).isInstanceOf(DecodeResult.Frame.class);
    }

    @Test
    void takesTheLastOfTwoKinds() {
        assertThat(frames(hex("06 32 02 08 01 52 00"))).containsExactly(PING);
    }

    @Test
    void refusesAFieldOfTheWrongLength() {
        assertMalformed(decoder.decode(hex("04 32 09 08 01")), "not a protobuf frame");
    }

    @Test
    void refusesTextThatIsNotUtf8() {
        assertMalformed(decoder.decode(hex("06 3a 04 12 02 c3 28")), "not a protobuf frame");
    }

    @Test
    void encoderWritesNothingWhereThereIsNoRoom() {
        ByteBuffer small = ByteBuffer.allocate(FrameEncoder.sizeOf(ACK) - 1);
        assertThatThrownBy(() -> FrameEncoder.encode(ACK, small)).isInstanceOf(BufferOverflowException.class);
        assertThat(small.position()).isZero();
    }

    @Test
    void encoderFillsHeapAndDirectBuffersAlike() {
        ByteBuffer heap = ByteBuffer.allocate(64);
        ByteBuffer direct = ByteBuffer.allocateDirect(64);
        FrameEncoder.encode(ACK, heap);
        FrameEncoder.encode(ACK, direct);
        assertThat(heap.position()).isEqualTo(FrameEncoder.sizeOf(ACK));
        assertThat(heap.flip()).isEqualTo(direct.flip()).isEqualTo(FrameEncoder.encode(ACK));
    }

    private List<ClientFrame> frames(ByteBuffer in) {
        List<ClientFrame> frames = new ArrayList<>();
        while (decoder.decode(in) instanceof DecodeResult.Frame<ClientFrame> frame) {
            frames.add(frame.frame());
        }
        return frames;
    }

    private static void assertMalformed(DecodeResult<ClientFrame> result, String problem) {
        assertThat(result).isInstanceOfSatisfying(DecodeResult.Malformed.class, malformed -> {
            assertThat(malformed.problem()).isEqualTo(problem);
            assertThat(malformed.closeCode()).isEqualTo(CloseCode.MALFORMED_FRAME);
        });
    }

    private static ClientFrame uplinkOf(int characters) {
        return ClientFrame.newBuilder()
                .setUplink(Uplink.newBuilder().setText("x".repeat(characters)))
                .build();
    }

    private static ByteBuffer joined(ClientFrame... frames) {
        ByteBuffer all = ByteBuffer.allocate(100_000);
        for (ClientFrame frame : frames) {
            FrameEncoder.encode(frame, all);
        }
        return all.flip();
    }

    private static ByteBuffer hex(String... listings) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(GoldenFiles.hexDigits(String.join("", listings))));
    }
}
