package io.longline.saver.deadletter;

import io.longline.keeper.lease.Lease;
import io.longline.keeper.lease.LeasedLoop;
import io.longline.saver.SaverMetrics;
import io.longline.saver.journal.MysqlDatabase;
import java.time.Duration;

/** Deletes dead letters that nobody sent again in time. */
public final class MysqlDeadLetterPurge implements LeasedLoop.Task {
    public static final Duration PERIOD = Duration.ofMinutes(1);

    private final MysqlDatabase database;
    private final MysqlDeadLetters letters;
    private final Duration kept;
    private final SaverMetrics metrics;

    public MysqlDeadLetterPurge(MysqlDatabase database, DeadLetterConfig config, SaverMetrics metrics) {
        this.database = database;
        this.letters = new MysqlDeadLetters(database, config.perProduct());
        this.kept = config.kept();
        this.metrics = metrics;
    }

    @Override
    public boolean due() {
        return database.isReady();
    }

    @Override
    public void run(Lease lease) {
        int step = MysqlDeadLetters.AT_ONCE;
        while (lease.valid() && step == MysqlDeadLetters.AT_ONCE) {
            step = letters.discardOld(kept);
            metrics.lettersPurged(step);
        }
    }
}
