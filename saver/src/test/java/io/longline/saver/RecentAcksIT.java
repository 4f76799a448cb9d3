package io.longline.saver;

import io.longline.rpc.v1.Endpoint;
import io.longline.saver.inbox.Shard;
import io.longline.saver.testing.JournalView;
import io.longline.saver.testing.SaverCluster;
import io.longline.stores.junit.MariaDbExtension;
import io.longline.stores.junit.RedisExtension;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Acks that a saver took and did not live to tell the journal of. */
@Timeout(120)
final class RecentAcksIT {
    @RegisterExtension
    static final RedisExtension redis = new RedisExtension();

    @RegisterExtension
    static final MariaDbExtension mysql = new MariaDbExtension();

    private SaverCluster cluster;
    private JournalView journal;
    private Shard dying;

    @BeforeEach
    void start() {
        cluster = new SaverCluster(redis.uri(), mysql.jdbcUrl());
        cluster.start();
        journal = new JournalView(mysql.jdbcUrl());
        dying = new Shard(redis.uri());
    }

    @AfterEach
    void stop() {
        dying.close();
        journal.close();
        cluster.close();
    }

    /** Redis hears of it, and the journal does not. */
    private long ackToOneThatDies(Endpoint phone) {
        long seq = cluster.client.store(phone, "m-of-" + phone.getUser()).getSeq();
        return dying.ack(
                new io.longline.saver.endpoint.Endpoint(phone.getProduct(), phone.getUser(), phone.getDevice()), seq);
    }

    @Test
    void theOthersTellTheJournalWhenItIsGone() {
        for (String product : new String[] {"demo", "fast", "demo"}) {
            SaverServer other = cluster.start();
            Endpoint phone = SaverCluster.someone(product);
            long seq = ackToOneThatDies(phone);
            cluster.stop(other);
            journal.awaitAcked(phone, seq);
        }
    }

    @Test
    void itsNextStartTellsTheJournalWhereItWasTheOnlyOne() {
        Endpoint phone = SaverCluster.someone("fast");
        long seq = ackToOneThatDies(phone);
        cluster.close();
        cluster = new SaverCluster(redis.uri(), mysql.jdbcUrl());
        cluster.start();
        journal.awaitAcked(phone, seq);
    }
}
