package io.longline.room.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.frames.CloseCode;
import org.junit.jupiter.api.Test;

final class PartingTest {
    @Test
    void aLinkThatTheRoomClosedSaysWhyAndAnyOtherThatItIsClosed() {
        assertThat(Parting.of(0).word()).isEqualTo("link_closed");
        assertThat(Parting.of(CloseCode.HEARTBEAT_MISSED.number()).word()).isEqualTo("heartbeat_missed");
        assertThat(Parting.of(CloseCode.TOO_SLOW.number()).word()).isEqualTo("too_slow");
        assertThat(Parting.of(CloseCode.GOING_AWAY.number()).word()).isEqualTo("going_away");
        assertThat(Parting.of(CloseCode.PROTOCOL_ABUSE.number()).word()).isEqualTo("protocol_abuse");
    }

    @Test
    void aCodeOfALaterReleaseIsNoReasonThatAnybodyKnows() {
        assertThat(Parting.of(3999)).isEqualTo(Parting.UNBOUND);
    }
}
