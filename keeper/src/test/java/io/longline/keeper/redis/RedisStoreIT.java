package io.longline.keeper.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.ScriptOutputType;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.rpc.Deadline;
import io.longline.stores.junit.RedisExtension;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(120)
class RedisStoreIT {

    @RegisterExtension
    static final RedisExtension REDIS = new RedisExtension();

    private static final RedisScript MARKED_SET = RedisScript.of(RedisStoreIT.class, "marked_set.lua");
    private static final RedisScript APPEND = RedisScript.of(RedisStoreIT.class, "append.lua");
    private static final RedisScript SET_MARK = RedisScript.of(RedisStoreIT.class, "set_mark.lua");
    private static final RedisScript REFUSE = RedisScript.of(RedisStoreIT.class, "refuse.lua");
    private static final RedisScript TELL_RUN_ID = RedisScript.of(RedisStoreIT.class, "tell_run_id.lua");

    private static final String MARK = "{s1}:mark:test";
    private static final Duration LONG = Duration.ofSeconds(10);
    private static final Duration SHORT = Duration.ofMillis(500);

    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private RedisStore store = store(LONG);

    @BeforeEach
    void connect() {
        store.start();
    }

    @AfterEach
    void disconnect() {
        store.close();
        metrics.close();
    }

    private RedisStore store(Duration timeout) {
        return new RedisStore(new RedisConfig(REDIS.uri().toString(), timeout), metrics);
    }

    /** Instead of the usual one, which waits longer than a test wants to. */
    private void reconnectImpatiently() {
        reconnect(SHORT);
    }

    private void reconnect(Duration timeout) {
        store.close();
        metrics.clear();
        store = store(timeout);
        store.start();
        await().until(store::connected);
    }

    @Test
    void commandsAndScriptsRun() {
        assertThat(put("{s1}:a", "1")).isEqualTo("OK");
        assertThat(wait(get("{s1}:a"))).isEqualTo(bytes("1"));

        setMark();
        assertThat(wait(set("abc"))).isEqualTo(3);
        assertThat(wait(get("{s1}:value"))).isEqualTo(bytes("abc"));
    }

    @Test
    void aScriptThatRedisForgotRunsAllTheSame() {
        setMark();
        assertThat(wait(set("a"))).isEqualTo(1);

        String flushed = wait(store.command(MARK, redis -> redis.scriptFlush()));
        assertThat(flushed).isEqualTo("OK");

        assertThat(wait(set("ab"))).isEqualTo(2);
        List<Boolean> known = wait(store.command(MARK, redis -> redis.scriptExists(MARKED_SET.sha1())));
        assertThat(known).containsExactly(true);
    }

    @Test
    void manyCommandsAreOnTheirWayAtOnceAndAnsweredInOrder() {
        setMark();
        List<CompletionStage<Long>> replies = new ArrayList<>();
        for (int i = 1; i <= 2_000; i++) {
            replies.add(set("x".repeat(i)));
        }

        for (int i = 1; i <= 2_000; i++) {
            assertThat(wait(replies.get(i - 1))).isEqualTo(i);
        }
    }

    /** A call that is refused for that and sent again would be overtaken by the next one. */
    @Test
    void noCallIsSentTwiceBecauseRedisDoesNotKnowItsScriptYet() {
        setMark();
        String reset = wait(store.command(MARK, redis -> redis.configResetstat()));
        assertThat(reset).isEqualTo("OK");
        List<CompletionStage<Long>> lengths = new ArrayList<>();
        for (int i = 1; i <= 5_000; i++) {
            lengths.add(
                    store.script(APPEND, ScriptOutputType.INTEGER, MARK, List.of("{s1}:list"), List.of(bytes("" + i))));
        }

        for (int i = 1; i <= 5_000; i++) {
            assertThat(wait(lengths.get(i - 1))).isEqualTo(i);
        }
        String commands = wait(store.command(MARK, redis -> redis.info("commandstats")));
        List<String> scripts =
                commands.lines().filter(line -> line.startsWith("cmdstat_eval")).toList();
        assertThat(scripts)
                .isNotEmpty()
                .allSatisfy(line -> assertThat(line).contains("rejected_calls=0", "failed_calls=0"));
    }

    @Test
    void aShardWithoutItsMarkIsLost() {
        setMark();
        Long deleted = wait(store.command(MARK, redis -> redis.del(MARK)));
        assertThat(deleted).isEqualTo(1);

        assertThat(refused(set("a")).code()).isEqualTo(ErrorCode.SHARD_LOST);
    }

    @Test
    void afterARestartTheRunIdIsAnotherAndTheOldMarkCountsNoMore() {
        setMark();
        String before = store.runId(MARK);
        assertThat(wait(set("a"))).isEqualTo(1);

        REDIS.store().restart();

        LonglineException lost = await().until(() -> failure(set("ab")), e -> e.code() == ErrorCode.SHARD_LOST);
        assertThat(lost.dependency()).contains("redis");
        assertThat(store.runId(MARK)).isNotEqualTo(before);
        setMark();
        assertThat(wait(set("abc"))).isEqualTo(3);
    }

    @Test
    void noScriptEverRunsWithTheRunIdOfAnotherRedis() throws InterruptedException {
        List<String> foreign = new CopyOnWriteArrayList<>();
        AtomicInteger ran = new AtomicInteger();
        AtomicBoolean stop = new AtomicBoolean();
        List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            callers.add(Thread.ofVirtual().start(() -> {
                while (!stop.get()) {
                    try {
                        List<byte[]> told = wait(
                                store.unmarked(TELL_RUN_ID, ScriptOutputType.MULTI, List.of("{s1}:any"), List.of()));
                        String given = new String(told.get(0), UTF_8);
                        if (!given.equals(new String(told.get(1), UTF_8))) {
                            foreign.add(given);
                        }
                        ran.incrementAndGet();
                    } catch (LonglineException e) {
                        assertThat(e.code()).isEqualTo(ErrorCode.DEPENDENCY_DOWN);
                    }
                }
            }));
        }

        for (int restart = 0; restart < 5; restart++) {
            int sofar = ran.get();
            await().until(() -> ran.get() > sofar + 100);
            REDIS.store().kill();
            REDIS.store().start();
        }
        int sofar = ran.get();
        await().until(() -> ran.get() > sofar + 100);
        stop.set(true);
        for (Thread caller : callers) {
            caller.join();
        }

        assertThat(foreign).isEmpty();
        assertThat(metrics.get("longline.redis.connects").counter().count()).isEqualTo(6);
    }

    @Test
    void whileRedisIsAwayCallersWaitAndGoOnWhenItIsBack() {
        assertThat(put("{s1}:a", "1")).isEqualTo("OK");
        REDIS.store().stop();
        await().until(() -> !store.connected());

        CompletionStage<byte[]> reply = get("{s1}:a");
        assertThat(metrics.get("longline.redis.waiting.depth").gauge().value()).isEqualTo(1);
        REDIS.store().start();

        assertThat(wait(reply)).isEqualTo(bytes("1"));
        assertThat(metrics.get("longline.redis.waiting.depth").gauge().value()).isZero();
    }

    @Test
    void whatWaitsForRedisBeyondItsDeadlineIsNotSent() {
        REDIS.store().stop();
        await().until(() -> !store.connected());

        CompletionStage<String> late = RedisStore.within(
                Deadline.afterMillis(100),
                () -> store.command("{s1}:late", redis -> redis.set("{s1}:late", bytes("1"))));
        CompletionStage<String> patient = RedisStore.within(
                Deadline.after(LONG),
                () -> store.command("{s1}:patient", redis -> redis.set("{s1}:patient", bytes("1"))));
        await().pollDelay(Duration.ofMillis(150))
                .until(() -> !late.toCompletableFuture().isDone());
        REDIS.store().start();

        assertThat(wait(patient)).isEqualTo("OK");
        assertThat(refused(late).code()).isEqualTo(ErrorCode.DEADLINE_EXCEEDED);
        assertThat(wait(get("{s1}:late"))).isNull();
    }

    @Test
    void whoWaitsInVainIsToldAfterTheTimeout() {
        reconnectImpatiently();
        REDIS.store().stop();
        await().until(() -> !store.connected());

        long started = System.nanoTime();
        LonglineException down = refused(get("{s1}:a"));
        Duration waited = Duration.ofNanos(System.nanoTime() - started);
        REDIS.store().start();

        assertThat(waited).isBetween(SHORT.minusMillis(50), SHORT.plusSeconds(5));
        assertThat(down.code()).isEqualTo(ErrorCode.DEPENDENCY_DOWN);
        assertThat(down.dependency()).contains("redis");
        assertThat(down.retryAfter()).isPresent();
        assertThat(metrics.get("longline.redis.waiting.rejects")
                        .tag("reason", "timeout")
                        .counter()
                        .count())
                .isEqualTo(1);
        assertThat(metrics.get("longline.redis.waiting.depth").gauge().value()).isZero();
    }

    @Test
    void noMoreThanTheLimitWait() {
        REDIS.store().stop();
        await().until(() -> !store.connected());

        int limit = (int) metrics.get("longline.redis.waiting.limit").gauge().value();
        List<CompletionStage<byte[]>> waiting = new ArrayList<>();
        for (int i = 0; i < limit + 5; i++) {
            waiting.add(get("{s1}:a"));
        }
        LonglineException full = refused(waiting.getLast());
        REDIS.store().start();

        assertThat(full.code()).isEqualTo(ErrorCode.OVERLOADED);
        assertThat(full.retryAfter()).isPresent();
        assertThat(metrics.get("longline.redis.waiting.rejects")
                        .tag("reason", "full")
                        .counter()
                        .count())
                .isGreaterThanOrEqualTo(5);
    }

    @Test
    void noMoreThanTheLimitAreOnTheirWay() {
        int limit = (int) metrics.get("longline.redis.inflight.limit").gauge().value();
        REDIS.store().pause();
        List<CompletionStage<byte[]>> sent = new ArrayList<>();
        for (int i = 0; i < limit; i++) {
            sent.add(get("{s1}:a"));
        }
        LonglineException refused = refused(get("{s1}:a"));
        REDIS.store().resume();

        assertThat(refused.code()).isEqualTo(ErrorCode.OVERLOADED);
        await().until(() -> metrics.get("longline.redis.inflight.depth").gauge().value() == 0);
        await().untilAsserted(() -> assertThat(sent)
                .allSatisfy(reply -> assertThat(reply.toCompletableFuture()).isDone()));
        assertThat(metrics.get("longline.redis.inflight.rejects").counter().count())
                .isEqualTo(1);
    }

    @Test
    void aCommandOnItsWayWhenRedisDiesFailsAtOnce() {
        REDIS.store().pause();
        CompletionStage<byte[]> reply = get("{s1}:a");
        long started = System.nanoTime();
        REDIS.store().kill();

        LonglineException down = refused(reply);
        Duration waited = Duration.ofNanos(System.nanoTime() - started);
        REDIS.store().start();

        assertThat(down.code()).isEqualTo(ErrorCode.DEPENDENCY_DOWN);
        assertThat(waited).isLessThan(LONG);
    }

    @Test
    void aRedisThatHangsIsLeftAndFoundAgain() {
        reconnectImpatiently();
        REDIS.store().pause();
        LonglineException down = refused(get("{s1}:a"));
        assertThat(down.code()).isEqualTo(ErrorCode.DEPENDENCY_DOWN);
        await().until(() -> !store.connected());
        REDIS.store().resume();

        await().until(store::connected);
        await().ignoreExceptions().until(() -> put("{s1}:a", "2").equals("OK"));
        assertThat(metrics.get("longline.redis.connects").counter().count()).isGreaterThanOrEqualTo(2);
    }

    @Test
    void aRedisThatIsSlowForAllIsLeftAloneForASecondAndThenTriedAgain() {
        reconnect(Duration.ofSeconds(6));
        // A machine that stands still may send the calls too late for them to be slow, or look too late.
        LonglineException refused = await().atMost(Duration.ofMinutes(1))
                .ignoreExceptions()
                .until(this::refusedAfterSlowCalls, error -> error.code() == ErrorCode.DEPENDENCY_DOWN);

        assertThat(refused.retryAfter()).isPresent();
        assertThat(metrics.get("longline.redis.breaker.open").gauge().value()).isEqualTo(1);
        assertThat(metrics.get("longline.redis.breaker.rejects").counter().count())
                .isGreaterThanOrEqualTo(1);
        await().until(() -> {
            wait(get("{s1}:a").exceptionally(error -> new byte[0]));
            return metrics.get("longline.redis.breaker.open").gauge().value() == 0;
        });
        assertThat(put("{s1}:a", "1")).isEqualTo("OK");
        assertThat(metrics.get("longline.redis.connects").counter().count()).isEqualTo(1);
    }

    /** All calls take four fifths of the timeout; then what the next one fails with. */
    private LonglineException refusedAfterSlowCalls() {
        String paused = wait(store.command(MARK, redis -> redis.clientPause(4_800)));
        assertThat(paused).isEqualTo("OK");
        List<CompletionStage<byte[]>> slow = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            slow.add(get("{s1}:a"));
        }
        await().until(() ->
                slow.stream().allMatch(reply -> reply.toCompletableFuture().isDone()));
        return failure(get("{s1}:a"));
    }

    @Test
    void listenersAreToldTheRunIdOfEachConnection() {
        List<Set<String>> told = new CopyOnWriteArrayList<>();
        store.onConnect(runIds -> {
            throw new IllegalStateException("on purpose");
        });
        store.onConnect(told::add);
        await().until(() -> told.equals(List.of(Set.of(store.runId(MARK)))));

        REDIS.store().restart();

        await().until(() -> told.size() == 2);
        assertThat(told.getLast()).isEqualTo(Set.of(store.runId(MARK))).isNotEqualTo(told.getFirst());
    }

    @Test
    void aListenerMayUseTheStore() {
        List<Long> lengths = new CopyOnWriteArrayList<>();
        store.onConnect(runIds -> {
            setMark();
            lengths.add(wait(set("abcd")));
        });

        await().until(() -> lengths.equals(List.of(4L)));
    }

    @Test
    void aStartWithoutRedisIsNoErrorAndHealsByItself() {
        REDIS.store().stop();
        try (RedisStore early = new RedisStore(
                new RedisConfig(REDIS.uri().toString(), Duration.ofSeconds(2)), new SimpleMeterRegistry())) {
            early.start();
            assertThat(early.connected()).isFalse();
            assertThatThrownBy(() -> early.runId(MARK))
                    .isInstanceOfSatisfying(
                            LonglineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DEPENDENCY_DOWN));

            REDIS.store().start();
            await().until(early::connected);
        }
    }

    @Test
    void aRefusalOfAScriptHasItsCode() {
        LonglineException full = refused(store.unmarked(
                REFUSE,
                ScriptOutputType.STATUS,
                List.of("{s1}:any"),
                List.of(bytes("INBOX_FULL 10000 messages wait"))));

        assertThat(full.code()).isEqualTo(ErrorCode.INBOX_FULL);
        assertThat(full).hasMessage("10000 messages wait");
    }

    @Test
    void aScriptThatDoesNotCheckTheMarkIsNotRunAsOneThatDoes() {
        assertThatThrownBy(() -> store.script(SET_MARK, ScriptOutputType.STATUS, MARK, List.of(), List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("set_mark.lua");
    }

    @Test
    void awaitingEndsAtTheDeadline() {
        REDIS.store().pause();
        LonglineException late = catchThrowableOfType(
                LonglineException.class, () -> RedisStore.await(get("{s1}:a"), Deadline.afterMillis(50)));
        REDIS.store().resume();

        assertThat(late.code()).isEqualTo(ErrorCode.DEADLINE_EXCEEDED);
        await().until(store::connected);
    }

    @Test
    void afterCloseCommandsFailAtOnce() {
        store.close();

        assertThat(refused(get("{s1}:a")).code()).isEqualTo(ErrorCode.DEPENDENCY_DOWN);
    }

    private void setMark() {
        String reply = wait(store.unmarked(SET_MARK, ScriptOutputType.STATUS, List.of(MARK), List.of()));
        assertThat(reply).isEqualTo("OK");
    }

    private String put(String key, String value) {
        return wait(store.command(key, redis -> redis.set(key, bytes(value))));
    }

    private CompletionStage<byte[]> get(String key) {
        return store.command(key, redis -> redis.get(key));
    }

    private CompletionStage<Long> set(String value) {
        return store.script(MARKED_SET, ScriptOutputType.INTEGER, MARK, List.of("{s1}:value"), List.of(bytes(value)));
    }

    private static <T> T wait(CompletionStage<T> stage) {
        return RedisStore.await(stage, Deadline.after(Duration.ofSeconds(20)));
    }

    private static LonglineException refused(CompletionStage<?> stage) {
        return catchThrowableOfType(LonglineException.class, () -> wait(stage));
    }

    /** What it failed with, or some error that nobody looks for. */
    private static LonglineException failure(CompletionStage<?> stage) {
        LonglineException failed = refused(stage);
        return failed == null ? new LonglineException(ErrorCode.INTERNAL, "it succeeded") : failed;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
