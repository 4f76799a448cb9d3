package io.longline.center.broadcastrun;

import io.longline.center.job.BroadcastProgress;
import io.longline.center.job.BroadcastReport;
import io.longline.center.job.JobWorkClient;
import io.longline.center.job.RoomProgress;
import io.longline.center.job.TakenJob;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.rpc.Deadline;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Goes on for a while asking how many have a broadcast that is done, and have acknowledged it: acks come a little later, and slow links take it when
 * they can. Of so many broadcasts at a time; of others the numbers stay as they were when they ended.
 */
public final class LateAcks implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(LateAcks.class);
    private static final int MOST = 64;
    private static final int TIMES = 15;
    private static final Duration PAUSE = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final Duration NO_TIME = Duration.ofMillis(1);

    private final JobWorkClient work;
    private final Semaphore room = new Semaphore(MOST);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    public LateAcks(JobWorkClient work) {
        this.work = work;
    }

    /** Does not wait. Nobody else uses {@code rooms} any more. */
    void follow(Rooms rooms) {
        if (room.tryAcquire()) {
            try {
                threads.execute(() -> {
                    try {
                        ask(rooms);
                    } finally {
                        room.release();
                    }
                });
            } catch (RejectedExecutionException e) {
                room.release(); // this process is stopping
            }
        }
    }

    private void ask(Rooms rooms) {
        Map<TakenJob, BroadcastProgress> told = new HashMap<>(rooms.allProgress());
        for (int i = 0; i < TIMES && !told.values().stream().allMatch(LateAcks::isAcked); i++) {
            if (!rooms.listen(PAUSE, PAUSE)) {
                return;
            }
            rooms.ask(Wish.OVER);
            boolean _ = rooms.listen(Duration.ZERO, Shares.CALL);
            rooms.allProgress().forEach((taken, now) -> {
                if (!now.equals(told.get(taken)) && report(taken, now)) {
                    told.put(taken, now);
                }
            });
        }
    }

    private static boolean isAcked(BroadcastProgress progress) {
        return progress.sum(RoomProgress::acked) >= progress.sum(RoomProgress::targeted);
    }

    private boolean report(TakenJob taken, BroadcastProgress progress) {
        try {
            BroadcastReport report = new BroadcastReport(progress, "", null);
            var _ = work.reportBroadcast(taken, report, false, NO_TIME, Deadline.after(PATIENCE));
            return true;
        } catch (LonglineException e) {
            log.debug("late acks are not told job={} error={}", taken.job().id(), e.getMessage());
            return false;
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
        threads.close();
    }
}
