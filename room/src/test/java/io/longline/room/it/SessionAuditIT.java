package io.longline.room.it;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.longline.rpc.v1.AuditedSession;
import io.longline.rpc.v1.Endpoint;
import io.longline.rpc.v1.Place;
import io.longline.rpc.v1.Route;
import io.longline.rpc.v1.SurveyReply;
import io.longline.stores.junit.ZooKeeperExtension;
import io.longline.v1.ServerFrame.KindCase;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What an auditor is shown, and what it has done. */
@Timeout(60)
class SessionAuditIT {
    @RegisterExtension
    static final ZooKeeperExtension ZOOKEEPER = new ZooKeeperExtension();

    private RoomWorld world;

    @BeforeEach
    void open() {
        world = new RoomWorld(ZOOKEEPER.store(), Map.of());
    }

    @AfterEach
    void close() {
        world.close();
    }

    private NativeClient bound(String user) throws Exception {
        NativeClient client = world.connect();
        client.hello(world.bind(1, user)).welcomed();
        client.expect(KindCase.CAUGHT_UP);
        return client;
    }

    private Route route(String user) {
        return requireNonNull(world.register.route(RoomWorld.endpoint(user)));
    }

    private List<AuditedSession> survey(long incarnation) {
        List<AuditedSession> sessions = new ArrayList<>();
        int loops = 1;
        for (int loop = 0; loop < loops; loop++) {
            SurveyReply page = world.survey(incarnation, loop);
            assertThat(page.getOtherIncarnation()).isFalse();
            assertThat(page.getNextSlot()).isZero();
            loops = page.getLoops();
            sessions.addAll(page.getSessionsList());
        }
        return sessions;
    }

    @Test
    void theSessionsAreShownAsTheyAre() throws Exception {
        try (NativeClient _ = bound("a1");
                NativeClient _ = bound("a2")) {
            Route of1 = route("a1");

            List<AuditedSession> sessions = survey(of1.getPlace().getIncarnation());

            assertThat(sessions)
                    .extracting(AuditedSession::getEndpoint)
                    .containsExactlyInAnyOrder(RoomWorld.endpoint("a1"), RoomWorld.endpoint("a2"));
            AuditedSession first = world.inspect(of1.getPlace()).getSession();
            assertThat(sessions).contains(first);
            assertThat(first.getPlace()).isEqualTo(of1.getPlace());
            assertThat(first.getGeneration()).isEqualTo(of1.getGeneration());
            assertThat(first.getIdle()).isTrue();
        }
    }

    @Test
    void nothingIsShownOfAnotherIncarnationOrPlace() throws Exception {
        try (NativeClient _ = bound("a3")) {
            Place place = route("a3").getPlace();

            assertThat(world.survey(place.getIncarnation() - 1, 0).getOtherIncarnation())
                    .isTrue();
            assertThat(world.survey(place.getIncarnation(), 10_000).getOtherIncarnation())
                    .isTrue();
            for (Place other : List.of(
                    place.toBuilder().setIncarnation(place.getIncarnation() - 1).build(),
                    place.toBuilder().setLoop(10_000).build(),
                    place.toBuilder().setSlot(place.getSlot() + 1).build(),
                    place.toBuilder()
                            .setSlotGeneration(place.getSlotGeneration() + 1)
                            .build())) {
                assertThat(world.inspect(other).hasSession()).isFalse();
                assertThat(world.mend(other, route("a3").getGeneration(), true)).isFalse();
            }
        }
    }

    @Test
    void aSessionThatTheRegisterHasLostIsBoundAnewWithItsGenerationAndLoads() throws Exception {
        Endpoint endpoint = RoomWorld.endpoint("a4");
        try (NativeClient client = bound("a4")) {
            Route before = route("a4");
            world.register.loseAll();
            MapSaver.Stored unheard = world.saver.store(endpoint, world.message());

            assertThat(world.mend(before.getPlace(), before.getGeneration() + 1, true))
                    .isFalse();
            assertThat(world.mend(before.getPlace(), before.getGeneration(), true))
                    .isTrue();

            assertThat(client.expect(KindCase.PUSH).getPush().getSeq()).isEqualTo(unheard.seq());
            assertThat(route("a4").getPlace()).isEqualTo(before.getPlace());
            assertThat(route("a4").getGeneration()).isEqualTo(before.getGeneration());
        }
    }

    @Test
    void promise05ASessionThatIsToBeBoundAnewLosesAgainstANewerOne() throws Exception {
        try (NativeClient client = bound("a5")) {
            Route before = route("a5");
            world.register.bindElsewhere(RoomWorld.endpoint("a5"));

            assertThat(world.mend(before.getPlace(), before.getGeneration(), true))
                    .isTrue();

            client.expectClose(3501);
            assertThat(route("a5").getGeneration()).isGreaterThan(before.getGeneration());
        }
    }

    @Test
    void aSessionLoadsWhatItWasNotToldOf() throws Exception {
        Endpoint endpoint = RoomWorld.endpoint("a6");
        try (NativeClient client = bound("a6")) {
            Route route = route("a6");
            MapSaver.Stored unheard = world.saver.store(endpoint, world.message());
            assertThat(world.inspect(route.getPlace()).getSession().getSent()).isLessThan(unheard.seq());

            assertThat(world.mend(route.getPlace(), route.getGeneration(), false))
                    .isTrue();

            assertThat(client.expect(KindCase.PUSH).getPush().getSeq()).isEqualTo(unheard.seq());
            await().untilAsserted(() -> assertThat(
                            world.inspect(route.getPlace()).getSession().getSent())
                    .isEqualTo(unheard.seq()));
        }
    }
}
