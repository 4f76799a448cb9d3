package io.longline.saver.testing;

import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.shard.Shards;
import io.longline.rpc.v1.Endpoint;
import io.longline.saver.journal.Extent;
import io.longline.saver.journal.JournalConfig;
import io.longline.saver.journal.MysqlDatabase;
import io.longline.saver.journal.MysqlReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;

/** What is in MySQL, for tests that must know when it got there. */
public final class JournalView implements AutoCloseable {
    private final MysqlDatabase database;
    private final MysqlReader reader;

    public JournalView(String url) {
        database = new MysqlDatabase(new JournalConfig(url, 2, 1, 1, 1, Duration.ofSeconds(1), Duration.ZERO));
        reader = new MysqlReader(database);
        database.start();
        if (!database.awaitReady(Deadline.after(Duration.ofSeconds(60)))) {
            throw new IllegalStateException("MySQL is not ready");
        }
    }

    public void awaitAcked(Endpoint endpoint, long seq) {
        Awaitility.await().until(() -> acked(endpoint) >= seq);
    }

    public void awaitMessage(Endpoint endpoint, String id) {
        Awaitility.await().until(() -> ids(endpoint).contains(id));
    }

    public void awaitScheduled(String product, String id) {
        Awaitility.await().until(() -> isScheduled(product, id));
    }

    private boolean isScheduled(String product, String id) {
        List<String> found = new ArrayList<>();
        reader.schedule(Shards.of(product, id), 0, one -> found.add(one.messageId()));
        return found.contains(id);
    }

    private long acked(Endpoint endpoint) {
        List<Long> found = new ArrayList<>();
        reader.watermarks(ours(endpoint).shard(), one -> {
            if (one.endpoint().equals(ours(endpoint))) {
                found.add(one.seq());
            }
        });
        return found.isEmpty() ? 0 : found.getFirst();
    }

    public List<String> ids(Endpoint endpoint) {
        List<String> found = new ArrayList<>();
        reader.messages(ours(endpoint).shard(), new Extent(0, 0, 0), one -> {
            if (one.endpoint().equals(ours(endpoint))) {
                found.add(one.messageId());
            }
        });
        return found;
    }

    private static io.longline.saver.endpoint.Endpoint ours(Endpoint endpoint) {
        return new io.longline.saver.endpoint.Endpoint(endpoint.getProduct(), endpoint.getUser(), endpoint.getDevice());
    }

    @Override
    public void close() {
        database.close();
    }
}
