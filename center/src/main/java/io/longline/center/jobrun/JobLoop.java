package io.longline.center.jobrun;

import io.longline.center.CenterMetrics;
import io.longline.center.broadcastrun.BroadcastRecall;
import io.longline.center.broadcastrun.BroadcastRun;
import io.longline.center.broadcastrun.BroadcastTools;
import io.longline.center.clock.StoreClock;
import io.longline.center.job.JobConfig;
import io.longline.center.job.JobKick;
import io.longline.center.job.JobWork;
import io.longline.center.job.JobWorkClient;
import io.longline.center.job.TakenJob;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.rpc.Deadline;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes jobs, so many at the same moment; whichever center asks first has one. */
public final class JobLoop implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(JobLoop.class);
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);
    /** A recall only waits for stores. */
    private static final int RECALLS_AT_ONCE = 4;
    /** A kick only waits for register. */
    private static final int KICKS_AT_ONCE = 4;

    private final SendRun.Tools sending;
    private final RecallRun.Tools recalling;
    private final BroadcastTools broadcasting;
    private final KickRun.Tools kicking;
    private final JobWorkClient jobs;
    private final StoreClock clock;
    private final CenterMetrics metrics;
    private final JobConfig config;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Places sends;
    private final Places broadcasts;
    private final Places recalls;
    private final Places kicks;
    private volatile boolean stopping;

    public JobLoop(
            SendRun.Tools sending,
            RecallRun.Tools recalling,
            BroadcastTools broadcasting,
            KickRun.Tools kicking,
            JobConfig config) {
        this.sending = sending;
        this.recalling = recalling;
        this.broadcasting = broadcasting;
        this.kicking = kicking;
        this.jobs = sending.work();
        this.clock = sending.clock();
        this.metrics = sending.metrics();
        this.config = config;
        this.sends = new Places(JobWork.SEND, config.atOnce());
        this.broadcasts = new Places(JobWork.BROADCAST, config.broadcastsAtOnce());
        this.recalls = new Places(JobWork.RECALL, RECALLS_AT_ONCE);
        this.kicks = new Places(JobWork.KICK, KICKS_AT_ONCE);
        metrics.watchKicks(kicks.inWork::get, KICKS_AT_ONCE);
    }

    public JobLoop start() {
        sends.thread.start();
        broadcasts.thread.start();
        recalls.thread.start();
        kicks.thread.start();
        return this;
    }

    /** For so many jobs of one kind: those that are sent keep none from being recalled. */
    private final class Places {
        private final JobWork work;
        private final int atOnce;
        private final Semaphore room;
        private final BlockingQueue<Boolean> wakeUp = new ArrayBlockingQueue<>(1);
        private final AtomicInteger inWork = new AtomicInteger();
        private final Thread thread;

        Places(JobWork work, int atOnce) {
            this.work = work;
            this.atOnce = atOnce;
            this.room = new Semaphore(atOnce);
            this.thread = Thread.ofVirtual().name("center-jobs-" + work).unstarted(this::loop);
        }

        private void loop() {
            try {
                room.acquire();
                while (!stopping) {
                    Deadline safe = Deadline.after(work == JobWork.BROADCAST ? BroadcastRun.SAFE : Hold.SAFE);
                    Optional<TakenJob> taken = take(work);
                    if (taken.isPresent()) {
                        start(taken.get(), safe);
                        room.acquire();
                    } else {
                        wakeUp.poll(config.interval().toNanos(), TimeUnit.NANOSECONDS);
                    }
                }
            } catch (InterruptedException e) {
                log.debug("no more jobs are taken");
            }
        }

        private void start(TakenJob taken, Deadline safe) {
            inWork.incrementAndGet();
            threads.execute(() -> {
                try {
                    if (work == JobWork.BROADCAST) {
                        broadcast(taken, safe);
                    } else {
                        work(taken, safe, () -> inWork.get() >= atOnce);
                    }
                } finally {
                    inWork.decrementAndGet();
                    room.release();
                    wakeUp.offer(true);
                }
            });
        }

        void close() throws InterruptedException {
            wakeUp.offer(true);
            if (!thread.join(CLOSE_PATIENCE)) {
                thread.interrupt();
                thread.join();
            }
        }
    }

    private Optional<TakenJob> take(JobWork work) {
        try {
            Deadline deadline = Deadline.after(PATIENCE);
            Duration lease = work == JobWork.BROADCAST ? BroadcastRun.LEASE : Hold.LEASE;
            return jobs.take(work, lease, clock.millis(deadline), deadline);
        } catch (LonglineException e) {
            log.debug("no job taken error={}", e.getMessage());
            metrics.jobsNotAsked();
            return Optional.empty();
        }
    }

    private void work(TakenJob taken, Deadline safe, BooleanSupplier crowded) {
        Hold hold = new Hold(taken.job().id(), taken.standing(), safe, () -> stopping, crowded);
        log.debug(
                "job taken job={} run={} done={}",
                taken.job().id(),
                taken.run(),
                taken.job().progress().done());
        JobRun run = run(taken, hold);
        try {
            run.run();
        } catch (RuntimeException e) {
            log.error("job failed job={}", taken.job().id(), e);
            run.giveUp();
        }
    }

    private JobRun run(TakenJob taken, Hold hold) {
        JobKick kick = taken.job().kick();
        if (kick != null) {
            return new KickRun(kicking, taken, kick, hold);
        }
        return taken.job().state().isFinal() ? recall(taken, hold) : new SendRun(sending, taken, hold);
    }

    private JobRun recall(TakenJob taken, Hold hold) {
        return taken.job().broadcast() == null
                ? new RecallRun(recalling, taken, hold)
                : new RecallBroadcastRun(new BroadcastRecall(broadcasting), recalling.work(), taken, hold);
    }

    private void broadcast(TakenJob taken, Deadline safe) {
        log.debug("broadcast taken job={} run={}", taken.job().id(), taken.run());
        BroadcastRun run = new BroadcastRun(broadcasting, taken, safe, () -> stopping);
        try {
            run.run();
        } catch (RuntimeException e) {
            log.error("broadcast failed job={}", taken.job().id(), e);
            run.giveUp();
        }
    }

    /** One was queued here: it need not wait for the next look. */
    public void broadcastQueued() {
        broadcasts.wakeUp.offer(true);
    }

    /** The same of users to be kicked. */
    public void kickQueued() {
        kicks.wakeUp.offer(true);
    }

    /** How many lists are being sent. */
    public int inWork() {
        return sends.inWork.get();
    }

    /** How many broadcasts are being carried out. */
    public int broadcastsInWork() {
        return broadcasts.inWork.get();
    }

    /** Gives back the jobs that it has, each when what is being sent has been; other centers go on with them. */
    @Override
    public void close() {
        stopping = true;
        try {
            sends.close();
            broadcasts.close();
            recalls.close();
            kicks.close();
            threads.shutdown();
            if (!threads.awaitTermination(CLOSE_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                threads.shutdownNow();
            }
        } catch (InterruptedException e) {
            threads.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
