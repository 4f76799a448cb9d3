package io.longline.room.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.longline.room.fake.Sample;
import io.longline.v1.Push;
import org.junit.jupiter.api.Test;

class PushFramesTest {
    private static Push push(Message message) {
        return PushFrames.of(1, 7, message, 0).getPush();
    }

    private static Message notice(int spreadS) {
        return new Message("m1", null, ByteString.EMPTY, 0, 1_000, "normal", 1, "order", "", "orders/1", true, spreadS);
    }

    @Test
    void aMessageWithoutPayloadSaysSoAndHasNoneNotEvenAnEmptyOne() {
        Push push = push(notice(30));

        assertThat(push.getPayloadCase()).isEqualTo(Push.PayloadCase.PAYLOAD_NOT_SET);
        assertThat(push.getNotifyOnly()).isTrue();
        assertThat(push.getSpreadS()).isEqualTo(30);
        assertThat(push.getPullKey()).isEqualTo("orders/1");
        assertThat(push.getCollapseKey()).isEqualTo("order");
        assertThat(push(notice(0)).hasSpreadS()).as("0 applies").isTrue();
    }

    @Test
    void toAnyOtherTheTwoFieldsDoNotApply() {
        Push push = push(Sample.message(1));

        assertThat(push.getText()).isEqualTo("text");
        assertThat(push.hasNotifyOnly()).isFalse();
        assertThat(push.hasSpreadS()).isFalse();
    }

    @Test
    void noMoreTimeIsLeftThanTheMessageHad() {
        Message message = new Message("m1", "text", ByteString.EMPTY, 5_000, 6_000, "normal", 1, "", "", "", false, 0);

        assertThat(PushFrames.of(1, 7, message, 5_400).getPush().getTtlMs()).isEqualTo(600);
        assertThat(PushFrames.of(1, 7, message, 4_990).getPush().getTtlMs()).isEqualTo(1_000);
        assertThat(PushFrames.of(1, 7, message, 6_400).getPush().getTtlMs()).isZero();
    }
}
