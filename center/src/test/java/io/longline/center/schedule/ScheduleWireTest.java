package io.longline.center.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.longline.center.push.DeviceChoice;
import io.longline.center.push.Payload;
import io.longline.center.push.Priority;
import io.longline.center.push.Push;
import io.longline.center.push.PushOptions;
import io.longline.center.push.Target;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScheduleWireTest {
    private static final PushOptions OPTIONS = new PushOptions(
            1,
            Duration.ofHours(5),
            Priority.HIGH,
            DeviceChoice.LATEST,
            "uplink-1",
            "pull",
            "collapse",
            false,
            Duration.ZERO,
            99,
            Duration.ofSeconds(5));

    private static Push push(Payload payload, PushOptions options, Target... targets) {
        return new Push("shop", "m-1", false, false, List.of(targets), payload, options, false);
    }

    private static Push back(Push push) {
        ByteString kept = ScheduleWire.kept(push).toByteString();
        return ScheduleWire.push(new DuePush("shop", "m-1", 99, 5, 1, kept));
    }

    @Test
    void allButTheWaitComesBack() {
        Push back = back(push(new Payload.Text("größer"), OPTIONS, new Target("u1", null), new Target("u2", "pad")));

        assertThat(back.product()).isEqualTo("shop");
        assertThat(back.messageId()).isEqualTo("m-1");
        assertThat(back.targets()).containsExactly(new Target("u1", null), new Target("u2", "pad"));
        assertThat(back.payload()).isEqualTo(new Payload.Text("größer"));
        assertThat(back.options())
                .isEqualTo(new PushOptions(
                        1,
                        Duration.ofHours(5),
                        Priority.HIGH,
                        DeviceChoice.LATEST,
                        "uplink-1",
                        "pull",
                        "collapse",
                        false,
                        Duration.ZERO,
                        99,
                        Duration.ZERO));
        assertThat(back.repeatable()).as("it may be begun again").isTrue();
    }

    @Test
    void oneThatTravelsWithoutPayloadIsKeptWithoutIt() {
        PushOptions notifies = new PushOptions(
                1,
                Duration.ofHours(5),
                Priority.HIGH,
                DeviceChoice.LATEST,
                "",
                "pull",
                "",
                true,
                Duration.ofSeconds(7),
                99,
                Duration.ZERO);

        Push back = back(push(new Payload.Text("large"), notifies, new Target("u1", null)));

        assertThat(back.payload()).isEqualTo(Payload.NONE);
        assertThat(back.options()).isEqualTo(notifies);
    }

    @Test
    void anEmptyTextIsATextAndEmptyBytesAreBytes() {
        assertThat(back(push(new Payload.Text(""), OPTIONS, new Target("u1", null)))
                        .payload())
                .isEqualTo(new Payload.Text(""));
        assertThat(back(push(new Payload.Binary(new byte[0]), OPTIONS, new Target("u1", null)))
                        .payload())
                .isInstanceOfSatisfying(
                        Payload.Binary.class,
                        binary -> assertThat(binary.bytes()).isEmpty());
    }

    @Test
    void whatCannotBeReadIsNamed() {
        DuePush broken = new DuePush("shop", "m-1", 99, 5, 1, ByteString.copyFromUtf8("\u0001\u0002"));
        assertThatThrownBy(() -> ScheduleWire.push(broken)).hasMessageContaining("m-1");
    }
}
