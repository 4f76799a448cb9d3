package io.longline.center;

import io.longline.center.job.JobState;
import io.longline.center.quota.GrantOutcome;
import io.longline.center.quota.Quota;
import io.longline.center.result.Status;
import io.longline.center.unicast.UnicastOutcome;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/** Everything that center counts. */
public final class CenterMetrics {
    private final MeterRegistry registry;
    private final Counter recordsLost;
    private final Counter overProductLimit;
    private final Counter overJournaledLimit;
    private final Counter overListLimit;
    private final Counter overPullLimit;
    private final Counter roomFull;
    private final AtomicInteger unsent = new AtomicInteger();
    private final AtomicLong scheduled = new AtomicLong();
    private final AtomicInteger untold = new AtomicInteger();
    private final Timer published;
    private final Timer dueLate;
    private final Counter duePostponed;

    public CenterMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.recordsLost = registry.counter("longline.center.records.lost");
        this.overProductLimit = registry.counter("longline.center.requests.rejected", "reason", "product_limit");
        this.overJournaledLimit = registry.counter("longline.center.requests.rejected", "reason", "mysql_limit");
        this.overListLimit = registry.counter("longline.center.requests.rejected", "reason", "list_limit");
        this.overPullLimit = registry.counter("longline.center.requests.rejected", "reason", "pull_limit");
        this.roomFull = registry.counter("longline.center.hints.rejected", "reason", "room_full");
        registry.gauge("longline.center.sweep.unsent", unsent);
        registry.gauge("longline.center.schedule.waiting", scheduled);
        registry.gauge("longline.center.topics.untold", untold);
        this.published = Timer.builder("longline.center.topics.send").register(registry);
        this.dueLate = Timer.builder("longline.center.schedule.late").register(registry);
        this.duePostponed = registry.counter("longline.center.schedule.postponed");
    }

    /** A push was answered, before any wait for acks. */
    public void pushed(Status status, long nanos) {
        Timer.builder("longline.center.push")
                .tag("status", status.text())
                .register(registry)
                .record(nanos, TimeUnit.NANOSECONDS);
    }

    public void handedOver(UnicastOutcome outcome) {
        registry.counter("longline.center.handovers", "outcome", outcome.tag()).increment();
    }

    /** A push of QoS 0 was led by what was remembered of places. */
    public void ledByCache(UnicastOutcome outcome) {
        registry.counter("longline.center.places.used", "outcome", outcome.tag())
                .increment();
    }

    /** How much is remembered of places, and how much may be. */
    public void watchPlaces(IntSupplier size, int limit) {
        watch("longline.center.places.depth", size);
        watch("longline.center.places.limit", () -> limit);
    }

    /** How far the clock of this process is ahead of the store's. */
    public void watchClock(LongSupplier aheadMs) {
        TimeGauge.builder("longline.center.clock.ahead", aheadMs::getAsLong, TimeUnit.MILLISECONDS)
                .register(registry);
    }

    /** How many hints wait for the room that most wait for, and how many may. */
    public void watchHints(IntSupplier most, int limit) {
        watch("longline.center.hints.depth", most);
        watch("longline.center.hints.limit", () -> limit);
    }

    /** A hint was not sent, as too many others wait for that room. */
    public void roomFull() {
        roomFull.increment();
    }

    private void watch(String name, IntSupplier value) {
        Gauge.builder(name, value::getAsInt).register(registry);
    }

    /** A message was sent without a record of it: GET will not find it. */
    public void recordLost() {
        recordsLost.increment();
    }

    public void overProductLimit() {
        overProductLimit.increment();
    }

    public void overJournaledLimit() {
        overJournaledLimit.increment();
    }

    /** A list of a job was not taken, as others of its product are being read. */
    public void overJobListLimit() {
        registry.counter("longline.center.requests.rejected", "reason", "job_list_limit")
                .increment();
    }

    public void overPullLimit() {
        overPullLimit.increment();
    }

    public void overListLimit() {
        overListLimit.increment();
    }

    /** A message was refused, as a product or a user has had its share. */
    public void overQuota(Quota quota) {
        registry.counter("longline.center.quota.refused", "quota", quota.tag()).increment();
    }

    public void granted(GrantOutcome outcome) {
        registry.counter("longline.center.quota.grants", "outcome", outcome.tag())
                .increment();
    }

    /** How many messages products may send from here without asking. */
    public void watchCredits(LongSupplier credits) {
        Gauge.builder("longline.center.quota.credits", credits::getAsLong).register(registry);
    }

    /** How many endpoints the sweep found, of hints that may have been lost. */
    public void swept(int endpoints) {
        unsent.set(endpoints);
        registry.counter("longline.center.sweep.endpoints").increment(endpoints);
    }

    public void sweepFailed() {
        registry.counter("longline.center.sweep.failures").increment();
    }

    /** Targets of jobs that are dealt with. */
    public void jobSent(long sent, long skipped) {
        registry.counter("longline.center.jobs.targets", "outcome", "sent").increment((double) sent);
        registry.counter("longline.center.jobs.targets", "outcome", "skipped").increment((double) skipped);
    }

    /** Users of jobs that were to be kicked, and are dealt with. */
    public void kicked(long sent, long skipped) {
        registry.counter("longline.center.kicks.users", "outcome", "kicked").increment((double) sent);
        registry.counter("longline.center.kicks.users", "outcome", "skipped").increment((double) skipped);
    }

    /** How many ends of messages that came into no inbox are on their way to saver, and may be. */
    public void watchUntaken(IntSupplier underWay, int limit) {
        watch("longline.center.message.events.depth", underWay);
        watch("longline.center.message.events.limit", () -> limit);
    }

    /** Such an end was not told. */
    public void untakenUntold() {
        registry.counter("longline.center.message.events.drops").increment();
    }

    /** How many jobs that kick are worked on here, and may be. */
    public void watchKicks(IntSupplier inWork, int limit) {
        watch("longline.center.kicks.depth", inWork);
        watch("longline.center.kicks.limit", () -> limit);
    }

    /** A list of users to be kicked was not taken, as others are being read. */
    public void overKickListLimit() {
        registry.counter("longline.center.requests.rejected", "reason", "kick_list_limit")
                .increment();
    }

    /** A room was asked to send a broadcast, or not to. */
    public void broadcastAsked(boolean answered) {
        registry.counter("longline.center.broadcasts.asked", "outcome", answered ? "answered" : "unanswered")
                .increment();
    }

    /** A broadcast has come to its end. */
    public void broadcastEnded(JobState state) {
        registry.counter("longline.center.broadcasts.ended", "state", state.text())
                .increment();
    }

    /** How many broadcasts are carried out here, and may be. */
    public void watchBroadcasts(IntSupplier inWork, int limit) {
        watch("longline.center.broadcasts.depth", inWork);
        watch("longline.center.broadcasts.limit", () -> limit);
    }

    /** Saver could not say whether there is a job to work on. */
    public void jobsNotAsked() {
        registry.counter("longline.center.jobs.failures").increment();
    }

    /** How many jobs are worked on here, and may be. */
    public void watchJobs(IntSupplier inWork, int limit) {
        watch("longline.center.jobs.depth", inWork);
        watch("longline.center.jobs.limit", () -> limit);
    }

    /** How many messages are kept to be sent later, as far as the last round has seen. */
    public void scheduled(long messages) {
        scheduled.set(messages);
    }

    /** One was sent so long after it was due. */
    public void dueSent(long lateMs) {
        dueLate.record(Math.max(0, lateMs), TimeUnit.MILLISECONDS);
    }

    /** One could not be sent to all its targets, and is tried again. */
    public void duePostponed() {
        duePostponed.increment();
    }

    public void dueRoundFailed() {
        registry.counter("longline.center.schedule.failures").increment();
    }

    /** How many are being sent, and how many may be. */
    public void watchDue(IntSupplier inWork, int limit) {
        watch("longline.center.schedule.depth", inWork);
        watch("longline.center.schedule.limit", () -> limit);
    }

    /** A send to a topic was answered. */
    public void published(long nanos) {
        published.record(nanos, TimeUnit.NANOSECONDS);
    }

    /** A room was told how far a topic reaches, by a send or by a round. */
    public void reached(boolean answered) {
        registry.counter("longline.center.topics.reach", "outcome", answered ? "answered" : "unanswered")
                .increment();
    }

    /** How many topics a round found of which a room may not have heard. */
    public void untold(int topics) {
        untold.set(topics);
    }

    public void topicRoundFailed() {
        registry.counter("longline.center.topics.failures").increment();
    }
}
