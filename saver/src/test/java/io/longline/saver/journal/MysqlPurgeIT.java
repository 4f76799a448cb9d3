package io.longline.saver.journal;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.longline.keeper.product.Durability;
import io.longline.keeper.rpc.Deadline;
import io.longline.saver.SaverMetrics;
import io.longline.saver.endpoint.CopyState;
import io.longline.saver.endpoint.Endpoint;
import io.longline.saver.journal.JournalEntry.Final;
import io.longline.saver.journal.JournalEntry.Row;
import io.longline.stores.junit.MariaDbExtension;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(120)
final class MysqlPurgeIT {
    private static final long DAY_MS = 86_400_000;

    @RegisterExtension
    static final MariaDbExtension mysql = new MariaDbExtension();

    @Test
    void whatHasEndedGoesADayLaterAndTheRestStays() throws SQLException {
        Endpoint phone = new Endpoint("demo", "u1", "phone");
        long now = System.currentTimeMillis();
        long old = (now - 2 * DAY_MS) * 1024;
        long fresh = now * 1024;
        JournalConfig config = new JournalConfig(mysql.jdbcUrl(), 4, 10_000, 1 << 24, 1000, Duration.ofSeconds(10));
        try (MysqlDatabase database = new MysqlDatabase(config);
                MysqlJournal journal = new MysqlJournal(database, config, new SaverMetrics(new SimpleMeterRegistry()));
                MysqlPurge purge = new MysqlPurge(database, Optional::empty, Clock.systemUTC())) {
            database.start();
            journal.start();
            assertThat(database.awaitReady(Deadline.after(Duration.ofSeconds(30))))
                    .isTrue();
            for (int i = 0; i < 1200; i++) {
                row(journal, phone, old + i, "acked" + i, now + DAY_MS);
            }
            journal.acked(phone, old + 1199);
            row(journal, phone, old + 1200, "waits", now + DAY_MS);
            row(journal, phone, old + 1201, "expired", now - 1);
            row(journal, phone, old + 1202, "dropped", now + DAY_MS);
            journal.write(Durability.REDIS, new Final(phone, old + 1202, "dropped", CopyState.DROPPED, "offline"));
            row(journal, phone, fresh, "expired now", now - 1);
            journal.write(Durability.REDIS, new Final(phone, fresh + 1, "dropped now", CopyState.DROPPED, "offline"));
            assertThat(journal.flush(Deadline.after(Duration.ofSeconds(30)))).isTrue();

            assertThat(purge.purge(phone.shard())).isEqualTo(1202);

            List<String> left = new ArrayList<>();
            new MysqlReader(database).messages(phone.shard(), 0, 0, one -> left.add(one.messageId()));
            assertThat(left).containsExactly("waits", "expired now", "dropped now");
            assertThat(purge.purge(phone.shard())).isZero();
        }
    }

    private static void row(Journal journal, Endpoint endpoint, long seq, String id, long expires) {
        journal.write(Durability.REDIS, new Row(endpoint, seq, id, expires, ByteString.copyFromUtf8("body")));
    }
}
