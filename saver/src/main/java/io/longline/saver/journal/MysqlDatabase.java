package io.longline.saver.journal;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadConfig;
import io.longline.keeper.rpc.Deadline;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connections to MySQL, once its schema is this release's. It is brought there in the background, so that a saver starts
 * also while MySQL is away; until then no connection is given. The journal's writer has its own; the others are divided
 * among the {@link MysqlUse uses}, and while MySQL does not answer they are refused at once.
 */
public final class MysqlDatabase implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(MysqlDatabase.class);
    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final String CONNECT_MS = "2000";
    private static final String ANSWER_MS = "10000";
    /** Whoever holds a row longer than that is in the way; MySQL's own 50 s are longer than anybody here waits. */
    private static final int LOCK_WAIT_S = 3;

    /** Of the journal's writer, and of whoever has the watermarks written before a rebuild. */
    private static final int WRITER_CONNECTIONS = 2;

    /** Work that waits longer for its turn fails; what has all connections of its use is over by then, or stuck. */
    private static final Duration TURN = Duration.ofSeconds(10);

    private final HikariDataSource writers;
    private final HikariDataSource others;
    private final Map<MysqlUse, Bulkhead> turns = new EnumMap<>(MysqlUse.class);
    private final MysqlBreaker breaker = MysqlBreaker.ofReaders();
    private final CountDownLatch migrated = new CountDownLatch(1);
    private volatile boolean closed;

    public MysqlDatabase(JournalConfig config) {
        int readers = Math.max(MysqlUse.values().length, config.connections() - WRITER_CONNECTIONS);
        int jobs = Math.max(1, readers / 5);
        int single = 3; // of the purge, of dead letters, and of backlogs
        int small = Math.max(1, (readers - jobs - 1) / 3);
        turns.put(MysqlUse.PURGE, turns(MysqlUse.PURGE, 1));
        turns.put(MysqlUse.JOB, turns(MysqlUse.JOB, jobs));
        turns.put(MysqlUse.READ, turns(MysqlUse.READ, small));
        turns.put(MysqlUse.LETTER, turns(MysqlUse.LETTER, 1));
        turns.put(MysqlUse.BACKLOG, turns(MysqlUse.BACKLOG, 1));
        turns.put(MysqlUse.RESTORE, turns(MysqlUse.RESTORE, readers - jobs - single - small));
        HikariConfig writing = pool(config.url(), "saver-mysql-writer", WRITER_CONNECTIONS);
        writing.setAutoCommit(false);
        writing.addDataSourceProperty("useServerPrepStmts", "true");
        writing.addDataSourceProperty("cachePrepStmts", "true");
        writing.addDataSourceProperty("prepStmtCacheSize", "50");
        writing.addDataSourceProperty("prepStmtCacheSqlLimit", "100000");
        this.writers = new HikariDataSource(writing);
        HikariConfig reading = pool(config.url(), "saver-mysql", readers);
        reading.addDataSourceProperty("rewriteBatchedStatements", "true");
        this.others = new HikariDataSource(reading);
    }

    private static Bulkhead turns(MysqlUse use, int connections) {
        return Bulkhead.of(
                "mysql-" + use,
                BulkheadConfig.custom()
                        .maxConcurrentCalls(connections)
                        .maxWaitDuration(TURN)
                        .fairCallHandlingStrategyEnabled(true)
                        .build());
    }

    private static HikariConfig pool(String url, String name, int size) {
        HikariConfig hikari = new HikariConfig();
        hikari.setPoolName(name);
        hikari.setJdbcUrl(url);
        hikari.setMaximumPoolSize(size);
        hikari.setMinimumIdle(1);
        hikari.setConnectionTimeout(1000);
        hikari.setValidationTimeout(500);
        hikari.setInitializationFailTimeout(-1);
        hikari.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
        hikari.addDataSourceProperty("connectTimeout", CONNECT_MS);
        hikari.addDataSourceProperty("socketTimeout", ANSWER_MS);
        hikari.addDataSourceProperty("sessionVariables", "innodb_lock_wait_timeout=" + LOCK_WAIT_S);
        return hikari;
    }

    /** How many shards may be restored side by side. */
    public int restoreConnections() {
        return turns(MysqlUse.RESTORE).getBulkheadConfig().getMaxConcurrentCalls();
    }

    private Bulkhead turns(MysqlUse use) {
        return Objects.requireNonNull(turns.get(use));
    }

    public void start() {
        Thread.ofVirtual().name("saver-mysql-migration").start(this::migrate);
    }

    private void migrate() {
        boolean told = false;
        while (!closed) {
            try {
                Flyway.configure()
                        .dataSource(writers)
                        .locations("classpath:db/migration")
                        .load()
                        .migrate();
                migrated.countDown();
                log.info("mysql is ready");
                return;
            } catch (FlywayException e) {
                if (!told) {
                    log.warn("mysql cannot be used yet, trying again every {} s: {}", RETRY.toSeconds(), e.toString());
                    told = true;
                }
                pause();
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(RETRY);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** False if the schema is not ready within that time. */
    public boolean awaitReady(Deadline deadline) {
        try {
            return migrated.await(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Whether the schema is ready; it says nothing about this moment. */
    public boolean isReady() {
        return migrated.getCount() == 0;
    }

    /** A connection without auto-commit for the journal's writer alone; to be closed by whoever asked for it. */
    Connection writerConnection() throws SQLException {
        requireReady();
        return writers.getConnection();
    }

    /** Work with a connection of its own, with auto-commit. */
    public <T> T use(MysqlUse use, Work<T> work) throws SQLException {
        requireReady();
        Bulkhead turn = turns(use);
        if (!turn.tryAcquirePermission()) {
            throw new SQLTransientConnectionException("all connections for " + use + " are in use");
        }
        try {
            return useNow(work);
        } finally {
            turn.onComplete();
        }
    }

    /** Only what MySQL does not answer counts as its failure. */
    private <T> T useNow(Work<T> work) throws SQLException {
        if (!breaker.allows()) {
            throw new SQLTransientConnectionException("mysql is away");
        }
        long began = System.nanoTime();
        @Nullable SQLException away = null;
        try (Connection connection = others.getConnection()) {
            return work.on(connection);
        } catch (SQLException e) {
            away = MysqlErrors.isConnection(e) ? e : null;
            throw e;
        } finally {
            if (away == null) {
                breaker.succeeded(began);
            } else {
                breaker.failed(began, away);
            }
        }
    }

    /** What is done with a connection. */
    @FunctionalInterface
    public interface Work<T> {
        T on(Connection connection) throws SQLException;
    }

    private void requireReady() throws SQLException {
        if (!isReady()) {
            throw new SQLTransientConnectionException("the schema is not ready yet");
        }
    }

    @Override
    public void close() {
        closed = true;
        others.close();
        writers.close();
    }
}
