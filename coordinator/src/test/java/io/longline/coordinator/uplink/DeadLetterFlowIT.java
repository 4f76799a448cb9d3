package io.longline.coordinator.uplink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.longline.coordinator.callback.BackEnd;
import io.longline.coordinator.callback.BackEnd.Mood;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.ErrorTranslator;
import io.longline.keeper.product.UplinkLimits;
import io.longline.rpc.v1.DeadLetter;
import io.longline.stores.junit.RedisExtension;
import io.longline.stores.junit.ZooKeeperExtension;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A coordinator for which events are overdue after a second, on a real Redis and ZooKeeper. */
@Timeout(120)
class DeadLetterFlowIT {
    @RegisterExtension
    static final RedisExtension REDIS = new RedisExtension();

    @RegisterExtension
    static final ZooKeeperExtension ZOOKEEPER = new ZooKeeperExtension();

    private static final UplinkLimits UNLIMITED = new UplinkLimits(0, 0);
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Map<String, String> IMPATIENT = Map.of("coordinator.outbox.dead-after", "1s");

    private final BackEnd backEnd = new BackEnd();
    private final FakeDeadLetters letters = new FakeDeadLetters();
    private final UplinkWorld world = new UplinkWorld(REDIS.uri(), ZOOKEEPER.uri());

    @BeforeEach
    void start() {
        world.callbacks(UNLIMITED, UplinkWorld.callback("order", backEnd.url(), 10_000));
        world.serve("saver", "saver-1", letters.service());
    }

    @AfterEach
    void stop() {
        world.close();
        backEnd.close();
    }

    /** What other tests have left in Redis dies here, too. */
    private List<DeadLetter> mine() {
        return letters.letters().stream()
                .filter(letter -> letter.getProduct().equals(world.product))
                .toList();
    }

    private void awaitLetters(int count) {
        await().atMost(LONG).until(() -> mine().size() == count);
    }

    @Test
    void whatABackEndDoesNotTakeInTimeIsKeptWithAllThatItSaysAndCanBeSentAgain() {
        backEnd.is(Mood.FAILS);
        world.coordinator("c1", IMPATIENT);
        for (int user = 0; user < 30; user++) {
            world.sendUntilTaken("u" + user, "order", "i0");
        }
        awaitLetters(30);

        DeadLetter letter = mine().stream()
                .filter(each -> each.getUser().equals("u7"))
                .findFirst()
                .orElseThrow();
        assertThat(letter.getProduct()).isEqualTo(world.product);
        assertThat(letter.getKind()).isEqualTo("uplink.order");
        assertThat(letter.getDevice()).isEqualTo("phone");
        assertThat(letter.getGeneration()).isEqualTo(41);
        assertThat(letter.getPayload().toStringUtf8()).isEqualTo("says i0");
        assertThat(letter.getReason()).isEqualTo("status 500");
        assertThat(letter.getId()).endsWith("." + letter.getSeq());
        assertThat(letter.getFieldsMap()).containsEntry("i", "i0").containsEntry("k", "text");

        backEnd.is(Mood.WELL);
        await().atMost(LONG)
                .until(
                        () -> { // it dies once more as long as the callback is spared
                            world.putBack(letters.letter(letter.getId())).join();
                            return !backEnd.taken().isEmpty();
                        });

        assertThat(backEnd.taken().getFirst().path("id").asText()).isEqualTo(letter.getId());
        assertThat(backEnd.taken().getFirst().path("uplink_id").asText()).isEqualTo("i0");
        assertThat(backEnd.taken().getFirst().path("ts_ms").asLong()).isEqualTo(letter.getAtMs());
        assertThat(backEnd.taken().getFirst().path("seq").asLong()).isGreaterThan(letter.getSeq());
        assertThat(world.putBack(letters.letter(letter.getId())).join().getRepeated())
                .isTrue();
    }

    @Test
    void theNextOfAnEndpointGoesOnWhenTheFormerIsDead() {
        backEnd.is(request -> request.events().stream()
                        .anyMatch(event -> event.path("uplink_id").asText().equals("i1"))
                ? Mood.FORBIDS
                : Mood.WELL);
        world.coordinator("c1", IMPATIENT);
        for (int i = 0; i < 4; i++) {
            world.sendUntilTaken("u0", "order", "i" + i);
        }

        await().atMost(LONG).until(() -> backEnd.takenOf("u0").equals(List.of("i0", "i2", "i3")));
        assertThat(mine()).extracting(DeadLetter::getReason).containsExactly("status 403");
    }

    @Test
    void whileItCannotBeKeptItIsTriedOnAndNothingIsLost() {
        backEnd.is(Mood.FAILS);
        letters.refuse(ErrorCode.DEPENDENCY_DOWN);
        world.coordinator("c1", IMPATIENT);
        world.sendUntilTaken("u0", "order", "i0");
        world.sendUntilTaken("u1", "order", "i0");
        await().atMost(LONG).until(() -> backEnd.requests().size() > 8);
        assertThat(mine()).isEmpty();

        backEnd.is(Mood.WELL);

        await().atMost(LONG).until(() -> backEnd.taken().size() == 2);
        assertThat(mine()).isEmpty();
    }

    @Test
    void whatNobodyIsCalledForAnyMoreIsKeptAndCannotBeSentAgainBeforeSomebodyIs() {
        backEnd.goDown();
        world.coordinator("c1", Map.of("coordinator.outbox.dead-after", "5s"));
        world.sendUntilTaken("u0", "order", "i0");
        world.callbacks(UNLIMITED);
        awaitLetters(1);
        DeadLetter letter = mine().getFirst();
        await().atMost(LONG)
                .untilAsserted(() -> assertThatThrownBy(
                                () -> world.putBack(letter).join())
                        .satisfies(e ->
                                assertThat(ErrorTranslator.fromAny(e).code()).isEqualTo(ErrorCode.NOT_FOUND)));

        backEnd.comeBack();
        world.callbacks(UNLIMITED, UplinkWorld.callback("order", backEnd.url(), 10_000));
        await().atMost(LONG)
                .ignoreExceptions()
                .untilAsserted(() -> world.putBack(letter).join());

        await().atMost(LONG).until(() -> backEnd.takenOf("u0").equals(List.of("i0")));
    }
}
