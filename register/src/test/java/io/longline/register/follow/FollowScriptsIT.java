package io.longline.register.follow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.shard.Shards;
import io.longline.register.endpoint.Endpoint;
import io.longline.register.endpoint.FollowNote;
import io.longline.register.endpoint.FollowedTopic;
import io.longline.register.endpoint.Follows;
import io.longline.register.follow.FollowOutcome.Denied;
import io.longline.register.follow.FollowOutcome.Done;
import io.longline.register.follow.FollowOutcome.NotJournaled;
import io.longline.register.follow.FollowOutcome.Stale;
import io.longline.register.follow.FollowOutcome.StreamFull;
import io.longline.register.follow.FollowOutcome.TooMany;
import io.longline.register.testing.TestRedis;
import io.longline.stores.junit.RedisExtension;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code follow.lua}, {@code follows.lua}, {@code settle.lua} and {@code followers.lua}. */
class FollowScriptsIT {
    @RegisterExtension
    static final RedisExtension REDIS = new RedisExtension();

    private static final Endpoint PHONE = new Endpoint("demo", "u1", "phone");
    private static final Endpoint DESK = new Endpoint("demo", "u1", "desk");
    private static final Endpoint USER = new Endpoint("demo", "u1", "");
    private static final long GENERATION = 1829000000000123L;
    private static final int MOST_EVENTS = 10;

    private final TestRedis redis = new TestRedis(REDIS.uri());
    private final AtomicInteger lost = new AtomicInteger();
    private final RedisFollowIndex index =
            new RedisFollowIndex(redis.store(), new FollowConfig(2), MOST_EVENTS, lost::incrementAndGet);

    @BeforeEach
    void wholeAndConnected() {
        redis.allWhole();
        bothDevicesAreConnected();
    }

    private void bothDevicesAreConnected() {
        redis.raw()
                .hset(
                        redis.keys(PHONE).routes("demo", "u1"),
                        Map.of(
                                "phone", "room-1 1000 3 7 1 " + GENERATION + " 1786000000123",
                                "desk", "room-2 2000 0 1 9 " + GENERATION + " 1786000000123"));
    }

    @AfterEach
    void close() {
        redis.close();
    }

    private static Wish wish(Endpoint endpoint, boolean follows, long from) {
        return new Wish(endpoint, "news", follows, from, endpoint.device().isEmpty() ? 0 : GENERATION, false);
    }

    private static Wish onlyByBackEnd(long from) {
        return new Wish(PHONE, "news", true, from, GENERATION, true);
    }

    private FollowOutcome follow(Wish wish) {
        return redis.await(index.follow(wish));
    }

    private FollowOutcome follow(Wish wish, NotJournaled told) {
        return redis.await(index.follow(wish, told));
    }

    /** As the flow does, with a journal that takes everything. */
    private FollowOutcome settled(Wish wish) {
        FollowOutcome outcome = follow(wish);
        while (outcome instanceof NotJournaled told) {
            outcome = follow(wish, told);
        }
        return outcome;
    }

    private List<FollowedTopic> follows(Endpoint endpoint) {
        return known(endpoint).topics();
    }

    private Follows known(Endpoint endpoint) {
        return ((FollowsOutcome.Known) redis.await(index.follows(endpoint, true))).follows();
    }

    private List<String> followers() {
        return redis.await(index.followers("demo", "news", Shards.of("demo", "u1"), "", 10))
                .users();
    }

    @Test
    void nothingIsFollowedBeforeTheJournalKnowsIt() {
        NotJournaled told = (NotJournaled) follow(wish(PHONE, true, 50));

        assertThat(follows(PHONE)).isEmpty();
        assertThat(followers()).isEmpty();
        assertThat(follow(wish(PHONE, true, 50), told)).isEqualTo(new Done(50, false));
        assertThat(follows(PHONE)).containsExactly(new FollowedTopic("news", 50, false));
        assertThat(follows(DESK)).isEmpty();
        assertThat(followers()).containsExactly("u1");
        assertThat(told.from()).isEqualTo(50);
        assertThat(told.devices()).isEmpty();
        assertThat(redis.follows(PHONE)).containsExactly(Map.entry("phone/news", told.version() + " 1 50 0"));
        assertThat(redis.events(PHONE)).isEmpty();
    }

    @Test
    void whoAsksWhatIsFollowedIsToldWhenTheDeviceWasBorn() {
        redis.raw()
                .hset(
                        redis.keys(PHONE).devices("demo", "u1"),
                        Map.of("phone", "900 9 1 7 wifi", "desk", "900 9 1 wifi", "pad", "900 9 2 "));
        settled(wish(PHONE, true, 50));

        assertThat(known(PHONE)).isEqualTo(new Follows(7, List.of(new FollowedTopic("news", 50, false))));
        assertThat(known(DESK).born()).as("of an earlier release").isZero();
        assertThat(List.of("pad", "nobody"))
                .allSatisfy(device ->
                        assertThat(known(new Endpoint("demo", "u1", device))).isEqualTo(new Follows(0, List.of())));
    }

    @Test
    void whatIsSoIsNotJournaledAgain() {
        settled(wish(PHONE, true, 50));
        String generation = redis.raw().get(redis.keys(PHONE).generation());

        assertThat(follow(wish(PHONE, true, 90))).isEqualTo(new Done(50, false));
        assertThat(follow(wish(DESK, false, 0))).isEqualTo(new Done(0, false));
        assertThat(redis.raw().get(redis.keys(PHONE).generation())).isEqualTo(generation);
    }

    @Test
    void whatTheJournalMayOrMayNotHaveIsJournaledAgainThoughItIsSo() {
        settled(wish(PHONE, true, 50));
        follow(wish(PHONE, false, 0)); // and then the journal was not reached, or its answer not seen

        NotJournaled told = (NotJournaled) follow(wish(PHONE, true, 90));

        assertThat(told.from()).isEqualTo(50);
        assertThat(follow(wish(PHONE, true, 90), told)).isEqualTo(new Done(50, false));
        assertThat(follow(wish(PHONE, true, 90))).isEqualTo(new Done(50, false));
    }

    @Test
    void ofOneThatIsFollowedAlreadyTheEarlierBeginningStays() {
        settled(wish(PHONE, true, 50));

        assertThat(settled(wish(PHONE, true, 20))).isEqualTo(new Done(20, false));
        assertThat(follows(PHONE)).containsExactly(new FollowedTopic("news", 20, false));
        settled(wish(USER, true, 10));
        assertThat(settled(wish(DESK, true, 30))).isEqualTo(new Done(10, true));
    }

    @Test
    void whoFollowsNoMoreLeavesNothingBehind() {
        settled(wish(PHONE, true, 50));

        assertThat(settled(wish(PHONE, false, 0))).isEqualTo(new Done(0, false));

        assertThat(follows(PHONE)).isEmpty();
        assertThat(followers()).isEmpty();
        assertThat(redis.follows(PHONE)).isEmpty();
    }

    @Test
    void ofTwoThatAreOnTheirWayTheOneThatWasOvertakenComesAgainAndIsSoInTheEnd() {
        NotJournaled first = (NotJournaled) follow(wish(PHONE, true, 50));
        NotJournaled second = (NotJournaled) follow(wish(PHONE, false, 0));
        assertThat(follow(wish(PHONE, false, 0), second)).isEqualTo(new Done(0, false));

        NotJournaled again = (NotJournaled) follow(wish(PHONE, true, 50), first);

        assertThat(again.version()).isGreaterThan(second.version());
        assertThat(follow(wish(PHONE, true, 50), again)).isEqualTo(new Done(50, false));
        assertThat(followers()).containsExactly("u1");
    }

    @Test
    void ofTwoThatAreOnTheirWayTheOlderMayBeFirstAndTheNewerCounts() {
        NotJournaled first = (NotJournaled) follow(wish(PHONE, true, 50));
        NotJournaled second = (NotJournaled) follow(wish(PHONE, false, 0));

        assertThat(follow(wish(PHONE, true, 50), first)).isEqualTo(new Done(50, false));
        assertThat(follow(wish(PHONE, false, 0), second)).isEqualTo(new Done(0, false));

        assertThat(redis.follows(PHONE)).isEmpty();
    }

    @Test
    void aSessionThatLostItsEndpointChangesNothing() {
        Wish older = new Wish(PHONE, "news", true, 50, GENERATION - 1, false);
        Wish offline = new Wish(new Endpoint("demo", "u1", "watch"), "news", true, 50, GENERATION, false);

        assertThat(follow(older)).isEqualTo(new Stale());
        assertThat(follow(offline)).isEqualTo(new Stale());
        assertThat(redis.follows(PHONE)).isEmpty();
    }

    private void phoneIsBoundAnew() {
        String route = "room-2 2000 0 4 1 " + (GENERATION + 1) + " 1786000000456";
        redis.raw().hset(redis.keys(PHONE).routes("demo", "u1"), "phone", route);
    }

    @Test
    void aSessionThatTookTheEndpointWhileTheJournalWasToldIsToldWhatTheFormerOneChanged() {
        for (boolean follows : List.of(true, false)) {
            bothDevicesAreConnected();
            NotJournaled told = (NotJournaled) follow(wish(PHONE, follows, 50));
            phoneIsBoundAnew();

            assertThat(follow(wish(PHONE, follows, 50), told)).isEqualTo(new Done(follows ? 50 : 0, false));

            assertThat(follows(PHONE)).hasSize(follows ? 1 : 0);
            assertThat(redis.events(PHONE))
                    .singleElement()
                    .satisfies(event -> assertThat(event)
                            .containsEntry("type", "follows")
                            .containsEntry("device", "phone")
                            .containsEntry("room", "room-2")
                            .containsEntry("generation", Long.toString(GENERATION + 1))
                            .containsEntry("new_generation", Long.toString(told.version())));
            redis.raw().del(redis.keys(PHONE).events());
        }
    }

    @Test
    void whoHasNoSessionAnyMoreIsToldNothing() {
        NotJournaled told = (NotJournaled) follow(wish(PHONE, true, 50));
        redis.raw().hdel(redis.keys(PHONE).routes("demo", "u1"), "phone");

        assertThat(follow(wish(PHONE, true, 50), told)).isEqualTo(new Done(50, false));

        assertThat(redis.events(PHONE)).isEmpty();
    }

    @Test
    void whereTheNewerSessionCannotBeToldNothingIsChanged() {
        NotJournaled told = (NotJournaled) follow(wish(PHONE, true, 50));
        phoneIsBoundAnew();
        for (int i = 0; i < MOST_EVENTS; i++) {
            redis.raw().xadd(redis.keys(PHONE).events(), Map.of("type", "replaced"));
        }

        assertThat(follow(wish(PHONE, true, 50), told)).isEqualTo(new StreamFull());

        assertThat(follows(PHONE)).isEmpty();
    }

    @Test
    void aBackEndHasAllDevicesFollowAlsoThoseToComeAndTellsTheirSessions() {
        NotJournaled told = (NotJournaled) follow(wish(USER, true, 50));
        assertThat(redis.events(PHONE)).isEmpty();

        assertThat(follow(wish(USER, true, 50), told)).isEqualTo(new Done(50, true));

        Endpoint later = new Endpoint("demo", "u1", "later");
        assertThat(List.of(PHONE, DESK, later))
                .allSatisfy(
                        endpoint -> assertThat(follows(endpoint)).containsExactly(new FollowedTopic("news", 50, true)));
        assertThat(redis.events(PHONE)).extracting(event -> event.get("device")).containsOnly("phone", "desk");
        assertThat(redis.events(PHONE))
                .contains(Map.ofEntries(
                        Map.entry("type", "follows"),
                        Map.entry("product", "demo"),
                        Map.entry("user", "u1"),
                        Map.entry("device", "phone"),
                        Map.entry("room", "room-1"),
                        Map.entry("incarnation", "1000"),
                        Map.entry("loop", "3"),
                        Map.entry("slot", "7"),
                        Map.entry("slot_generation", "1"),
                        Map.entry("generation", Long.toString(GENERATION)),
                        Map.entry("new_generation", Long.toString(told.version()))));
    }

    @Test
    void whatABackEndWantsOnceMoreIsNotToldOnceMore() {
        settled(wish(USER, true, 50));

        assertThat(follow(wish(USER, true, 90))).isEqualTo(new Done(50, true));
        assertThat(redis.events(PHONE)).hasSize(2);
    }

    @Test
    void theNewerOfWhatAClientAndABackEndWantIsSo() {
        settled(wish(USER, true, 50));
        settled(wish(PHONE, false, 0));
        assertThat(follows(PHONE)).isEmpty();
        assertThat(follows(DESK)).hasSize(1);
        assertThat(followers()).containsExactly("u1");

        NotJournaled told = (NotJournaled) follow(wish(USER, true, 90));
        assertThat(told.devices()).containsExactly("phone");
        assertThat(told.from()).isEqualTo(50);
        assertThat(follow(wish(USER, true, 90), told)).isEqualTo(new Done(50, true));
        assertThat(follows(PHONE)).containsExactly(new FollowedTopic("news", 90, true));
        assertThat(follows(DESK)).containsExactly(new FollowedTopic("news", 50, true));
    }

    @Test
    void theJournalIsToldOfADeviceThatDoesNotFollowThoughItsUserDoesAndOfNoOther() {
        settled(wish(PHONE, true, 50));
        assertThat(((NotJournaled) follow(wish(PHONE, false, 0))).againstUser()).isFalse();
        settled(wish(PHONE, false, 0));
        assertThat(((NotJournaled) follow(wish(USER, true, 50))).againstUser()).isFalse();
        settled(wish(USER, true, 50));

        NotJournaled told = (NotJournaled) follow(wish(PHONE, false, 0));

        assertThat(told.againstUser()).isTrue();
        assertThat(follow(wish(PHONE, false, 0), told)).isEqualTo(new Done(0, false));
        assertThat(redis.follows(PHONE)).containsEntry("phone/news", told.version() + " 0 0 0");
        assertThat(((NotJournaled) follow(wish(PHONE, true, 50))).againstUser()).isFalse();
        assertThat(((NotJournaled) follow(wish(USER, false, 0))).againstUser()).isFalse();
    }

    @Test
    void whereABackEndHasTheUserFollowWhileADeviceEndsItTheJournalIsToldAnew() {
        settled(wish(PHONE, true, 50));
        NotJournaled backEnd = (NotJournaled) follow(wish(USER, true, 50));
        NotJournaled client = (NotJournaled) follow(wish(PHONE, false, 0));
        assertThat(client.againstUser()).isFalse();
        assertThat(follow(wish(USER, true, 50), backEnd)).isEqualTo(new Done(50, true));

        NotJournaled again = (NotJournaled) follow(wish(PHONE, false, 0), client);

        assertThat(again.againstUser()).isTrue();
        assertThat(follow(wish(PHONE, false, 0), again)).isEqualTo(new Done(0, false));
        assertThat(follows(PHONE)).isEmpty();
        assertThat(follows(DESK)).hasSize(1);
    }

    @Test
    void whatABackEndBeginsLaterThanADeviceEndsItHoldsForTheDeviceToo() {
        settled(wish(PHONE, true, 50));
        NotJournaled client = (NotJournaled) follow(wish(PHONE, false, 0));
        settled(wish(USER, true, 90));

        assertThat(follow(wish(PHONE, false, 0), client)).isEqualTo(new Done(0, false));

        assertThat(follows(PHONE)).containsExactly(new FollowedTopic("news", 90, true));
        assertThat(redis.follows(PHONE)).containsOnlyKeys("/news");
        NotJournaled again = (NotJournaled) follow(wish(PHONE, false, 0));
        assertThat(again.againstUser()).isTrue();
        settled(wish(USER, true, 80));
        assertThat(follow(wish(PHONE, false, 0), again)).isEqualTo(new Done(0, false));
        assertThat(redis.follows(PHONE)).containsOnlyKeys("/news");
    }

    @Test
    void whereABackEndEndsItNoDeviceFollowsByItselfEither() {
        settled(wish(PHONE, true, 50));

        NotJournaled told = (NotJournaled) follow(wish(USER, false, 0));
        assertThat(told.devices()).containsExactly("phone");
        assertThat(follow(wish(USER, false, 0), told)).isEqualTo(new Done(0, false));

        assertThat(follows(PHONE)).isEmpty();
        assertThat(followers()).isEmpty();
        assertThat(redis.follows(PHONE)).isEmpty();
        assertThat(settled(wish(USER, true, 90))).isEqualTo(new Done(90, true));
        assertThat(follows(PHONE)).containsExactly(new FollowedTopic("news", 90, true));
    }

    @Test
    void aClientThatIsOnItsWayWhileABackEndEndsItComesAgainAndFollows() {
        NotJournaled client = (NotJournaled) follow(wish(PHONE, true, 50));
        NotJournaled backEnd = (NotJournaled) follow(wish(USER, false, 0));
        assertThat(backEnd.devices()).containsExactly("phone");
        assertThat(follow(wish(USER, false, 0), backEnd)).isEqualTo(new Done(0, false));

        NotJournaled again = (NotJournaled) follow(wish(PHONE, true, 50), client);

        assertThat(follow(wish(PHONE, true, 50), again)).isEqualTo(new Done(50, false));
        assertThat(follows(PHONE)).hasSize(1);
    }

    @Test
    void aClientThatBeginsWhileABackEndIsOnItsWayIsTheNewer() {
        settled(wish(USER, true, 50));
        NotJournaled backEnd = (NotJournaled) follow(wish(USER, false, 0));
        NotJournaled client = (NotJournaled) follow(wish(PHONE, true, 60));

        assertThat(follow(wish(USER, false, 0), backEnd)).isEqualTo(new Done(0, false));
        assertThat(follows(PHONE)).isEmpty();
        assertThat(follow(wish(PHONE, true, 60), client)).isEqualTo(new Done(50, false));

        assertThat(follows(PHONE)).containsExactly(new FollowedTopic("news", 50, false));
        assertThat(follows(DESK)).isEmpty();
        assertThat(followers()).containsExactly("u1");
    }

    @Test
    void whoMayFollowOnlyWhatABackEndWantsMayTakeUpAgainWhatItEndedItself() {
        settled(wish(USER, true, 50));
        settled(wish(PHONE, false, 0));
        assertThat(follows(PHONE)).isEmpty();

        assertThat(settled(onlyByBackEnd(60))).isEqualTo(new Done(50, true));

        assertThat(follows(PHONE)).containsExactly(new FollowedTopic("news", 50, true));
        assertThat(follow(onlyByBackEnd(60))).isEqualTo(new Done(50, true));
    }

    @Test
    void whoMayFollowOnlyWhatABackEndWantsIsDeniedWhatNoneWants() {
        assertThat(follow(onlyByBackEnd(60))).isEqualTo(new Denied());
        assertThat(redis.follows(PHONE)).isEmpty();
        settled(wish(PHONE, true, 50));
        assertThat(follow(onlyByBackEnd(60))).isEqualTo(new Denied()); // its own wish is no back end's
        assertThat(follow(new Wish(PHONE, "news", true, 60, GENERATION - 1, true)))
                .isEqualTo(new Stale());

        Wish ends = new Wish(PHONE, "news", false, 0, GENERATION, true);
        assertThat(settled(ends)).isEqualTo(new Done(0, false));
    }

    @Test
    void whoMayFollowOnlyWhatABackEndWantsIsDeniedWhereThatEndsMeanwhile() {
        settled(wish(USER, true, 50));
        NotJournaled backEnd = (NotJournaled) follow(wish(USER, false, 0));
        NotJournaled client = (NotJournaled) follow(onlyByBackEnd(60));
        follow(wish(USER, false, 0), backEnd);

        assertThat(follow(onlyByBackEnd(60), client)).isEqualTo(new Denied());

        assertThat(follows(PHONE)).isEmpty();
        assertThat(followers()).isEmpty();
        assertThat(follow(wish(PHONE, false, 0))).isInstanceOf(NotJournaled.class); // which may have it
    }

    @Test
    void moreTopicsThanAllowedAreRefusedForADeviceAndForAUserAlike() {
        for (Endpoint whose : List.of(PHONE, USER)) {
            long generation = whose.device().isEmpty() ? 0 : GENERATION;
            settled(new Wish(whose, "a", true, 1, generation, false));
            follow(new Wish(whose, "b", true, 1, generation, false)); // one on its way counts

            assertThat(follow(wish(whose, true, 50))).isEqualTo(new TooMany(2));

            settled(new Wish(whose, "b", false, 0, generation, false));
            assertThat(settled(wish(whose, true, 50)))
                    .isEqualTo(new Done(50, whose.device().isEmpty()));
            assertThat(settled(wish(whose, true, 40)))
                    .isEqualTo(new Done(40, whose.device().isEmpty()));
        }
    }

    @Test
    void whatFailedLongAgoTakesNoPlaceFromOthersAndGoesWhereThereIsNoneLeft() {
        for (Endpoint whose : List.of(PHONE, USER)) {
            String device = whose.device();
            redis.raw()
                    .hset(
                            redis.keys(PHONE).follows("demo", "u1"),
                            Map.of(device + "/a", "7 - 0 7", device + "/b", "8 - 0 8", "watch/c", "7 - 0 7"));

            assertThat(settled(wish(whose, true, 50)))
                    .isEqualTo(new Done(50, whose.device().isEmpty()));

            assertThat(redis.follows(PHONE)).containsKeys(device + "/news", device + "/b", "watch/c");
            assertThat(redis.follows(PHONE)).doesNotContainKey(device + "/a");
        }
    }

    @Test
    void whatFailedLongAgoIsStillToldToTheJournalWhenItIsEnded() {
        redis.raw().hset(redis.keys(PHONE).follows("demo", "u1"), "phone/news", "7 - 0 7");
        settled(new Wish(PHONE, "offers", true, 50, GENERATION, false));

        assertThat(follow(wish(PHONE, false, 0))).isInstanceOf(NotJournaled.class);
    }

    @Test
    void whatIsFollowedCountsHoweverLongAgoANoteOfItFailed() {
        redis.raw().hset(redis.keys(PHONE).follows("demo", "u1"), Map.of("phone/a", "7 1 50 9", "phone/b", "7 1 50 0"));

        assertThat(follow(wish(PHONE, true, 50))).isEqualTo(new TooMany(2));
        assertThat(redis.follows(PHONE)).hasSize(2);
    }

    @Test
    void whereTooManySessionsWaitToBeToldNothingIsChanged() {
        for (int i = 0; i < MOST_EVENTS - 2; i++) {
            redis.raw().xadd(redis.keys(PHONE).events(), Map.of("type", "replaced"));
        }
        NotJournaled told = (NotJournaled) follow(wish(USER, true, 50));
        redis.raw().xadd(redis.keys(PHONE).events(), Map.of("type", "replaced"));

        assertThat(follow(wish(USER, true, 50), told)).isEqualTo(new StreamFull());
        assertThat(follow(wish(USER, true, 50))).isEqualTo(new StreamFull());

        assertThat(follows(PHONE)).isEmpty();
        assertThat(followers()).isEmpty();
        assertThat(settled(wish(PHONE, true, 50))).isEqualTo(new Done(50, false)); // a client's needs no event
    }

    private void records(Map<String, String> records) {
        redis.raw().hset(redis.keys(PHONE).follows("demo", "u1"), records);
    }

    private Settling settle(Endpoint endpoint, List<FollowNote> told) {
        return redis.await(index.settle(endpoint, told));
    }

    private List<FollowNote> toTell(Endpoint endpoint, List<FollowNote> told) {
        return ((Settling.NotJournaled) settle(endpoint, told)).notes();
    }

    @Test
    void whoAsksIsToldThatSomethingWasLeftUnlessItMayStay() {
        records(Map.of(
                "phone/news", "7 1 50 9", "phone/offers", "7 - 0 9", "/alerts", "7 - 0 9", "/sports", "7 1 50 9"));
        records(Map.of("desk/sports", "8 0 0 0", "watch/sports", "8 0 0 9"));

        assertThat(redis.await(index.follows(PHONE, false))).isEqualTo(new FollowsOutcome.Left());
        assertThat(redis.await(index.follows(PHONE, true))).isInstanceOf(FollowsOutcome.Known.class);
        assertThat(redis.await(index.follows(DESK, false))).isEqualTo(new FollowsOutcome.Left());
        assertThat(redis.await(index.follows(DESK, true))).isInstanceOf(FollowsOutcome.Known.class);
    }

    @Test
    void theJournalIsToldWhatIsSoWhereCallsThatFailedLeftSomethingElse() {
        records(Map.of(
                "phone/news", "7 1 50 9", "phone/offers", "7 - 0 9", "phone/alerts", "8 0 0 9", "/alerts", "7 1 1 0"));
        records(Map.of("phone/sports", "8 1 50 0", "desk/sports", "8 1 50 9"));

        List<FollowNote> notes = toTell(PHONE, List.of());

        long version = notes.getFirst().version();
        assertThat(version).isGreaterThan(System.currentTimeMillis() * 1024 - 60_000 * 1024);
        assertThat(notes)
                .containsExactlyInAnyOrder(
                        new FollowNote(PHONE, "news", true, 50, version, false),
                        new FollowNote(PHONE, "offers", false, 0, version, false),
                        new FollowNote(PHONE, "alerts", false, 0, version, true));
        assertThat(redis.await(index.follows(PHONE, false))).as("not yet").isEqualTo(new FollowsOutcome.Left());
        assertThat(settle(PHONE, notes)).isEqualTo(new Settling.Settled());
        assertThat(redis.follows(PHONE))
                .containsOnly(
                        Map.entry("phone/news", version + " 1 50 0"),
                        Map.entry("phone/alerts", version + " 0 0 0"),
                        Map.entry("/alerts", "7 1 1 0"),
                        Map.entry("phone/sports", "8 1 50 0"),
                        Map.entry("desk/sports", "8 1 50 9"));
        assertThat(settle(PHONE, notes)).as("once more").isEqualTo(new Settling.Settled());
        assertThat(redis.follows(PHONE)).hasSize(5);
    }

    @Test
    void withTheUsersGoThoseOfOtherDevicesAndWhoStandsAgainstTheUserStaysTheNewer() {
        records(Map.of(
                "/news", "7 1 50 11", "desk/news", "8 0 0 0", "watch/news", "9 1 60 11", "pad/news", "6 0 0 11"));
        records(Map.of("tv/news", "10 1 70 0", "tv/offers", "10 1 70 11"));

        List<FollowNote> notes = toTell(PHONE, List.of());

        long version = notes.stream().mapToLong(FollowNote::version).min().orElseThrow();
        assertThat(notes)
                .containsExactlyInAnyOrder(
                        new FollowNote(USER, "news", true, 50, version, false),
                        new FollowNote(DESK, "news", false, 0, version + 1, true),
                        new FollowNote(new Endpoint("demo", "u1", "watch"), "news", true, 60, version + 1, false),
                        new FollowNote(new Endpoint("demo", "u1", "pad"), "news", false, 0, version + 1, false));
        assertThat(settle(PHONE, notes)).isEqualTo(new Settling.Settled());
        assertThat(follows(DESK)).isEmpty();
        assertThat(follows(PHONE)).containsExactly(new FollowedTopic("news", 50, true));
        assertThat(redis.follows(PHONE)).doesNotContainKey("pad/news").containsEntry("tv/offers", "10 1 70 11");
    }

    @Test
    void aCallThatComesThroughWhileTheJournalIsToldWhatWasSoCountsAndItIsToldAnew() {
        for (boolean follows : List.of(true, false)) {
            NotJournaled call = (NotJournaled) follow(wish(PHONE, follows, 50));
            List<FollowNote> before = toTell(PHONE, List.of());
            assertThat(before).extracting(FollowNote::follows).containsExactly(!follows);
            assertThat(follow(wish(PHONE, follows, 50), call)).isInstanceOf(Done.class);

            List<FollowNote> notes = toTell(PHONE, before);

            assertThat(notes).extracting(FollowNote::follows).containsExactly(follows);
            assertThat(settle(PHONE, notes)).isEqualTo(new Settling.Settled());
            assertThat(follows(PHONE)).hasSize(follows ? 1 : 0);
            assertThat(redis.follows(PHONE)).hasSize(follows ? 1 : 0);
        }
    }

    @Test
    void aCallThatComesBackWhenTheJournalWasToldWhatIsSoComesAgain() {
        settled(wish(PHONE, true, 50));
        NotJournaled call = (NotJournaled) follow(wish(PHONE, false, 0));
        settle(PHONE, toTell(PHONE, List.of()));

        NotJournaled again = (NotJournaled) follow(wish(PHONE, false, 0), call);

        assertThat(again.version()).isGreaterThan(call.version());
        assertThat(follow(wish(PHONE, false, 0), again)).isEqualTo(new Done(0, false));
        assertThat(redis.follows(PHONE)).isEmpty();
    }

    @Test
    void aDeviceThatEndsWhatItsUsersRecordWasLeftOfStandsAgainstItAllTheSame() {
        settled(wish(USER, true, 50));
        follow(wish(USER, false, 0)); // and failed
        NotJournaled call = (NotJournaled) follow(wish(PHONE, false, 0));
        settle(DESK, toTell(DESK, List.of()));

        NotJournaled again = (NotJournaled) follow(wish(PHONE, false, 0), call);

        assertThat(again.againstUser()).isTrue();
        assertThat(follow(wish(PHONE, false, 0), again)).isEqualTo(new Done(0, false));
        assertThat(follows(PHONE)).isEmpty();
        assertThat(follows(DESK)).hasSize(1);
    }

    @Test
    void whereAnotherCallBeganMeanwhileThatOneComesThroughFirst() {
        settled(wish(PHONE, true, 50));
        follow(wish(PHONE, false, 0)); // and failed
        List<FollowNote> first = toTell(PHONE, List.of());
        List<FollowNote> second = toTell(PHONE, List.of());

        assertThat(settle(PHONE, first)).isEqualTo(new Settling.Overtaken());
        assertThat(settle(PHONE, second)).isEqualTo(new Settling.Settled());
        assertThat(settle(PHONE, first)).isEqualTo(new Settling.Settled());
        assertThat(redis.follows(PHONE))
                .containsExactly(Map.entry("phone/news", second.getFirst().version() + " 1 50 0"));
    }

    @Test
    void whoFollowsComesByNameInPages() {
        for (String user : List.of("u3", "u1", "u2")) {
            redis.raw().zadd(redis.keys(PHONE).followers("demo", "news"), 0, user);
        }
        int shard = Shards.of("demo", "u1");

        assertThat(followers("news", shard, "", 2)).isEqualTo(new TopicFollowers(3, List.of("u1", "u2")));
        assertThat(followers("news", shard, "u2", 2)).isEqualTo(new TopicFollowers(3, List.of("u3")));
        assertThat(followers("news", shard, "", 0)).isEqualTo(new TopicFollowers(3, List.of()));
        assertThat(followers("other", shard, "", 2)).isEqualTo(new TopicFollowers(0, List.of()));
    }

    private TopicFollowers followers(String topic, int shard, String after, int limit) {
        return redis.await(index.followers("demo", topic, shard, after, limit));
    }

    @Test
    void aLostShardChangesNothingAndGuessesNothing() {
        redis.lose(PHONE);

        assertLost(() -> follow(wish(PHONE, true, 50)));
        assertLost(() -> follows(PHONE));
        assertLost(this::followers);
        assertLost(() -> settle(PHONE, List.of()));
        assertThat(redis.follows(PHONE)).isEmpty();
        assertThat(lost).hasValue(4);
    }

    private static void assertLost(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        LonglineException.class,
                        error -> assertThat(error.code()).isEqualTo(ErrorCode.SHARD_LOST));
    }
}
