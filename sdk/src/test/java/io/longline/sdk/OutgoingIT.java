package io.longline.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.frames.CloseCode;
import io.longline.sdk.link.Connector;
import io.longline.sdk.link.Link;
import io.longline.sdk.state.MemoryStateStore;
import io.longline.v1.ClientFrame.KindCase;
import io.longline.v1.Push;
import java.io.IOException;
import java.util.List;
import javax.net.SocketFactory;
import org.junit.jupiter.api.Test;

/** What is due on a link, on a clock that the test sets. */
class OutgoingIT extends ClientSetup {
    private static final int HEARTBEAT_S = 10;
    private static final long HEARTBEAT_MS = 1_000L * HEARTBEAT_S;

    private final Session session =
            new Session(1, new Session.Endpoint("demo", "u1", () -> "token"), "phone", new MemoryStateStore());
    private long nowMs = -500;

    OutgoingIT() throws IOException {}

    private Outgoing outgoing(Link link) {
        Delivery delivery = new Delivery(new Pulls(builder(), app, null), app);
        Outgoing outgoing = new Outgoing(link, List.of(session), delivery, () -> nowMs);
        outgoing.heartbeat(HEARTBEAT_S);
        session.bound();
        return outgoing;
    }

    private Link link() throws IOException {
        return new Connector(SocketFactory.getDefault(), null, () -> nowMs).connect(room.address());
    }

    private void take(long seq) throws Exception {
        session.take(Push.newBuilder().setSeq(seq).build(), app);
    }

    @Test
    void acksDoNotTakeThePlaceOfPingsBecauseNobodyAnswersThem() throws Exception {
        try (Link link = link()) {
            Outgoing outgoing = outgoing(link);
            RoomLink there = room.link();
            long begunMs = nowMs;
            nowMs = begunMs + HEARTBEAT_MS - 1_000;
            take(1);
            outgoing.writeDueAcks();
            outgoing.pingIfDue();
            assertThat(outgoing.nextDutyMs()).isEqualTo(begunMs + HEARTBEAT_MS);

            nowMs = begunMs + HEARTBEAT_MS;
            outgoing.pingIfDue();
            outgoing.pingIfDue();
            take(2);
            outgoing.writeDueAcks();
            there.next(KindCase.ACK);
            there.next(KindCase.PING);
            there.next(KindCase.ACK);
            assertThat(outgoing.nextDutyMs()).as("once a heartbeat").isGreaterThan(nowMs + 1_000);
        }
    }

    @Test
    void acksOfAnEndpointThatIsNotBoundWakeNobody() throws Exception {
        try (Link link = link()) {
            Outgoing outgoing = outgoing(link);
            take(1);
            assertThat(outgoing.nextDutyMs()).isEqualTo(nowMs + AckBatch.MAX_AGE_MS);

            assertThat(session.comesBackAfter(CloseCode.BLOCKED.number(), true)).isTrue();
            assertThat(session.refused()).isZero();
            assertThat(outgoing.nextDutyMs()).isEqualTo(nowMs + HEARTBEAT_MS);
        }
    }
}
