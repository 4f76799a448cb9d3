package io.longline.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.longline.v1.ClientFrame.KindCase;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Pings, and links that are dead without having ended. */
class HeartbeatIT extends ClientSetup {

    HeartbeatIT() throws IOException {}

    @Test
    void wishesForTheDispatchersHeartbeatUnlessTheAppSaysOtherwise() throws Exception {
        dispatcher.answer(dispatcher.answer().toBuilder()
                .setHeartbeat(io.longline.v1.Heartbeat.newBuilder().setIntervalS(240))
                .build());
        started(builder());
        assertThat(room.link().hello().getHeartbeatS()).isEqualTo(240);
        started(builder().heartbeatSeconds(30));
        assertThat(room.link().hello().getHeartbeatS()).isEqualTo(30);
    }

    @Test
    void aSilentLinkLivesByItsPings() throws Exception {
        started(builder());
        RoomLink link = room.link().heartbeat(2); // after 4 s of silence it would count as dead
        link.welcome();
        for (int i = 0; i < 4; i++) {
            link.next(KindCase.PING);
        }
        assertThat(link.hasEnded()).isFalse();
        assertThat(app.events()).containsExactly("connected", "bound demo/u1");
    }

    @Test
    void aLinkOnWhichNothingComesIsGivenUpAndOpenedAnew() throws Exception {
        started(builder());
        RoomLink dead = room.link().heartbeat(1).withoutPongs();
        dead.welcome();
        long welcomedAt = System.nanoTime();
        RoomLink next = room.link();
        next.welcome();
        assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - welcomedAt))
                .isBetween(2_400L, 10_000L);
        await().until(dead::hasEnded);
        assertThat(app.events()).contains("closed 0, comes back");
    }
}
