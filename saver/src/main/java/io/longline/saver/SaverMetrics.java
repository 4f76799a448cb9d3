package io.longline.saver;

import io.longline.keeper.product.Durability;
import io.longline.saver.budget.Budgets;
import io.longline.saver.budget.Kind;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.ToIntFunction;

/** What a saver counts. */
public final class SaverMetrics {
    private final MeterRegistry registry;
    private final Map<Durability, Counter> journalRefused = new EnumMap<>(Durability.class);
    private final Counter journalCancelled;
    private final Counter journalFailures;
    private final DistributionSummary groups;
    private final Timer commits;
    private final Counter watermarksDropped;
    private final Counter purged;
    private final Map<Kind, Counter> memoryRefused = new EnumMap<>(Kind.class);
    private final Counter left;
    private final Counter returned;
    private final Counter neverAcks;
    private final Counter explainGivenUp;
    private final Counter eventsUnheard;
    private final Counter topicReadsFromMemory;
    private final Counter topicReadsFromRedis;
    private final Counter passesDropped;
    private final Counter shardsRebuilt;
    private final Counter messagesRebuilt;
    private final Counter lettersKept;
    private final Counter lettersRefused;
    private final Counter lettersPurged;
    private final Counter backlogKept;
    private final Counter backlogRefused;

    public SaverMetrics(MeterRegistry registry) {
        this.registry = registry;
        for (Durability durability : Durability.values()) {
            journalRefused.put(
                    durability,
                    Counter.builder("longline.saver.journal.rejects")
                            .description("entries the full queue did not take; of durability redis: never journaled")
                            .tag("durability", durability.word())
                            .register(registry));
        }
        journalCancelled = counter(
                "longline.saver.journal.cancels", "messages of durability redis acknowledged before they were written");
        journalFailures = counter("longline.saver.journal.failures", "commits that failed and were tried again");
        groups = DistributionSummary.builder("longline.saver.journal.group")
                .description("entries in one commit")
                .register(registry);
        commits = Timer.builder("longline.saver.journal.commit")
                .description("time of one commit")
                .register(registry);
        watermarksDropped = counter("longline.saver.watermarks.drops", "acks that were not journaled, table full");
        purged = counter("longline.saver.purge.messages", "messages deleted from MySQL long after their end");
        for (Kind kind : Kind.values()) {
            memoryRefused.put(
                    kind,
                    Counter.builder("longline.saver.memory.rejects")
                            .description("what is new and found its budget full")
                            .tag("kind", kind.name().toLowerCase(Locale.ROOT))
                            .register(registry));
        }
        left = counter("longline.saver.away.left", "messages of the long absent that left Redis");
        returned = counter("longline.saver.away.returned", "messages that came back from MySQL");
        neverAcks =
                counter("longline.saver.never.acks", "sessions turned away because their client never acknowledges");
        explainGivenUp = counter(
                "longline.saver.explain.given.up", "records of messages given up as they took more than their budget");
        eventsUnheard = counter(
                "longline.saver.message.events.drops", "ends of messages that were not told, as too many waited to be");
        topicReadsFromMemory =
                counter("longline.saver.topic.cache.hits", "reads of logs answered from memory, but for what was new");
        topicReadsFromRedis = counter("longline.saver.topic.cache.misses", "reads of logs that Redis had to answer");
        passesDropped = counter("longline.saver.passes.drops", "offsets that were not journaled, table full");
        shardsRebuilt = counter("longline.saver.rebuild.shards", "shards restored into Redis");
        messagesRebuilt = counter("longline.saver.rebuild.messages", "messages that wait again after a rebuild");
        lettersKept = counter("longline.saver.dead.letters.kept", "events that no back end took in time");
        lettersRefused = counter(
                "longline.saver.dead.letters.rejects", "that were not kept: their product has as many as it may");
        lettersPurged = counter("longline.saver.dead.letters.purged", "that nobody sent again in time");
        backlogKept = counter("longline.saver.backlog.kept", "events for which Redis is too small, repeats included");
        backlogRefused = counter(
                "longline.saver.backlog.rejects", "batches of them not kept: their product has as many as it may");
    }

    public void watchJournal(ToIntFunction<Durability> depth, int limit, IntSupplier watermarks, int watermarkLimit) {
        for (Durability durability : Durability.values()) {
            Gauge.builder("longline.saver.journal.depth", () -> depth.applyAsInt(durability))
                    .description("entries that wait to be written")
                    .tag("durability", durability.word())
                    .register(registry);
        }
        gauge("longline.saver.journal.limit", "entries of each durability that may wait", () -> limit);
        gauge("longline.saver.watermarks.depth", "endpoints whose ack waits to be written", watermarks);
        gauge("longline.saver.watermarks.limit", "endpoints whose ack may wait", () -> watermarkLimit);
    }

    /** Of topics: up to where endpoints have acknowledged them. */
    public void watchPasses(IntSupplier depth, int limit) {
        gauge("longline.saver.passes.depth", "offsets of endpoints in topics that wait to be written", depth);
        gauge("longline.saver.passes.limit", "offsets of endpoints in topics that may wait", () -> limit);
    }

    public void watchTopicCache(LongSupplier bytes, long limit) {
        Gauge.builder("longline.saver.topic.cache.bytes", bytes::getAsLong)
                .description("what was read of logs and is in memory")
                .register(registry);
        Gauge.builder("longline.saver.topic.cache.limit", () -> limit)
                .description("bytes it may be")
                .register(registry);
    }

    /** A read of a log. */
    public void topicRead(boolean fromMemory) {
        (fromMemory ? topicReadsFromMemory : topicReadsFromRedis).increment();
    }

    public void passDropped() {
        passesDropped.increment();
    }

    public void watchMysql(BooleanSupplier up) {
        gauge("longline.saver.mysql.up", "1: mysql takes what is written", () -> up.getAsBoolean() ? 1 : 0);
    }

    public void watchMemory(Budgets budgets) {
        for (Kind kind : Kind.values()) {
            gauge("longline.saver.memory.used", "bytes in Redis, about", kind, () -> budgets.used(kind));
            gauge(
                    "longline.saver.memory.budget",
                    "bytes it may be; 0: not known yet",
                    kind,
                    () -> budgets.budget(kind));
        }
    }

    private void gauge(String name, String description, Kind kind, LongSupplier value) {
        Gauge.builder(name, value::getAsLong)
                .description(description)
                .tag("kind", kind.name().toLowerCase(Locale.ROOT))
                .register(registry);
    }

    /** Something new that found its budget full. */
    public void memoryRefused(Kind kind) {
        Counter refused = memoryRefused.get(kind);
        if (refused != null) {
            refused.increment();
        }
    }

    /** Messages of the long absent that are in MySQL alone from now on. */
    public void left(int messages) {
        left.increment(messages);
    }

    public void returned(int messages) {
        returned.increment(messages);
    }

    public void neverAcks() {
        neverAcks.increment();
    }

    /** Records that only told what became of messages. */
    public void explainGivenUp(long records) {
        explainGivenUp.increment((double) records);
    }

    /** Ends of messages that a back end was not told of. */
    public void eventsUnheard(long events) {
        eventsUnheard.increment((double) events);
    }

    public void watchRebuild(IntSupplier suspected) {
        gauge("longline.saver.rebuild.suspected", "shards that are not known to be well", suspected);
    }

    /** Entries the full queue did not take. */
    public void journalRefused(Durability durability, int entries) {
        Counter refused = journalRefused.get(durability);
        if (refused != null) {
            refused.increment(entries);
        }
    }

    /** Messages whose ack came before they were written. */
    public void journalCancelled(int entries) {
        journalCancelled.increment(entries);
    }

    public void journalFailed() {
        journalFailures.increment();
    }

    public void committed(int entries, long nanos) {
        groups.record(entries);
        commits.record(nanos, TimeUnit.NANOSECONDS);
    }

    public void purged(int messages) {
        purged.increment(messages);
    }

    public void watermarkDropped() {
        watermarksDropped.increment();
    }

    public void rebuilt(int shards, int messages) {
        shardsRebuilt.increment(shards);
        messagesRebuilt.increment(messages);
    }

    /** Repeats included. */
    public void lettersKept(int letters) {
        lettersKept.increment(letters);
    }

    /** Their product has as many as it may. */
    public void lettersRefused(int letters) {
        lettersRefused.increment(letters);
    }

    /** Nobody sent them again in time. */
    public void lettersPurged(int letters) {
        lettersPurged.increment(letters);
    }

    /** Repeats included. */
    public void backlogKept(int events) {
        backlogKept.increment(events);
    }

    /** A batch: its product has as many as it may. */
    public void backlogRefused() {
        backlogRefused.increment();
    }

    private Counter counter(String name, String description) {
        return Counter.builder(name).description(description).register(registry);
    }

    private void gauge(String name, String description, IntSupplier value) {
        Gauge.builder(name, value::getAsInt).description(description).register(registry);
    }
}
