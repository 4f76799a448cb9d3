package io.longline.center.jobrun;

import io.longline.center.CenterMetrics;
import io.longline.center.clock.StoreClock;
import io.longline.center.job.JobClient;
import io.longline.center.job.JobConfig;
import io.longline.center.job.JobState;
import io.longline.center.job.Standing;
import io.longline.center.job.TakenJob;
import io.longline.keeper.error.ErrorCode;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes jobs, so many at the same moment; whichever center asks first has one. */
public final class JobLoop implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(JobLoop.class);
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);

    private final JobClient jobs;
    private final SendRun.Tools sending;
    private final RecallRun.Tools recalling;
    private final StoreClock clock;
    private final CenterMetrics metrics;
    private final JobConfig config;
    private final Semaphore room;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final BlockingQueue<Boolean> wakeUp = new ArrayBlockingQueue<>(1);
    private final Thread thread = Thread.ofVirtual().name("center-jobs").unstarted(this::loop);
    private final AtomicInteger inWork = new AtomicInteger();
    private volatile boolean stopping;

    public JobLoop(SendRun.Tools sending, RecallRun.Tools recalling, JobConfig config) {
        this.sending = sending;
        this.recalling = recalling;
        this.jobs = sending.jobs();
        this.clock = sending.clock();
        this.metrics = sending.metrics();
        this.config = config;
        this.room = new Semaphore(config.atOnce());
    }

    public JobLoop start() {
        thread.start();
        return this;
    }

    private void loop() {
        try {
            room.acquire();
            while (!stopping) {
                Deadline safe = Deadline.after(Hold.SAFE);
                Optional<TakenJob> taken = take();
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

    private Optional<TakenJob> take() {
        try {
            Deadline deadline = Deadline.after(PATIENCE);
            return jobs.take(Hold.LEASE, clock.millis(deadline), deadline);
        } catch (LonglineException e) {
            log.debug("no job taken error={}", e.getMessage());
            metrics.jobsNotAsked();
            return Optional.empty();
        }
    }

    private void start(TakenJob taken, Deadline safe) {
        inWork.incrementAndGet();
        threads.execute(() -> {
            try {
                work(taken, safe);
            } finally {
                inWork.decrementAndGet();
                room.release();
                wakeUp.offer(true);
            }
        });
    }

    private void work(TakenJob taken, Deadline safe) {
        JobState state = taken.job().state();
        Hold hold = new Hold(taken.job().id(), new Standing(state, taken.job().ratePerS()), safe, () -> stopping);
        log.debug(
                "job taken job={} run={} done={}",
                taken.job().id(),
                taken.run(),
                taken.job().progress().done());
        try {
            if (state.isFinal()) {
                new RecallRun(recalling, taken, hold).run();
            } else {
                new SendRun(sending, taken, hold).run();
            }
        } catch (RuntimeException e) {
            log.error("job failed job={}", taken.job().id(), e);
            giveUp(taken, hold);
        }
    }

    /** What it has sent by now stays as it was told last. */
    private void giveUp(TakenJob taken, Hold hold) {
        boolean _ = hold.report((lease, deadline) -> taken.job().state().isFinal()
                ? jobs.reportRecall(taken, taken.recalled(), true, lease, deadline)
                : jobs.report(
                        taken, taken.job().progress(), ErrorCode.INTERNAL.name(), JobState.FAILED, lease, deadline));
    }

    /** How many are worked on. */
    public int inWork() {
        return inWork.get();
    }

    /** Gives back the jobs that it has, each when what is being sent has been; other centers go on with them. */
    @Override
    public void close() {
        stopping = true;
        wakeUp.offer(true);
        try {
            if (!thread.join(CLOSE_PATIENCE)) {
                thread.interrupt();
                thread.join();
            }
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
