package io.longline.saver.journal;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.longline.keeper.rpc.Deadline;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connections to MySQL, once its schema is this release's. It is brought there in the background, so that a saver starts
 * also while MySQL is away; until then no connection is given.
 */
public final class MysqlDatabase implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(MysqlDatabase.class);
    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final String CONNECT_MS = "2000";
    private static final String ANSWER_MS = "10000";

    /** Of the journal's writer, and of whoever has the watermarks written before a rebuild. */
    private static final int WRITER_CONNECTIONS = 2;

    private static final int LEAST_OTHER_CONNECTIONS = 2;
    /** Reads that wait longer for their turn fail; a rebuild that has all connections is over by then, or stuck. */
    private static final Duration TURN = Duration.ofSeconds(10);

    private final HikariDataSource writers;
    private final HikariDataSource others;
    private final Semaphore turns;
    private final CountDownLatch migrated = new CountDownLatch(1);
    private volatile boolean closed;

    public MysqlDatabase(JournalConfig config) {
        int readers = Math.max(LEAST_OTHER_CONNECTIONS, config.connections() - WRITER_CONNECTIONS);
        this.writers = pool(config.url(), "saver-mysql-writer", WRITER_CONNECTIONS);
        this.others = pool(config.url(), "saver-mysql", readers);
        this.turns = new Semaphore(readers, true);
    }

    private static HikariDataSource pool(String url, String name, int size) {
        HikariConfig hikari = new HikariConfig();
        hikari.setPoolName(name);
        hikari.setJdbcUrl(url);
        hikari.setMaximumPoolSize(size);
        hikari.setMinimumIdle(1);
        hikari.setConnectionTimeout(1000);
        hikari.setValidationTimeout(500);
        hikari.setInitializationFailTimeout(-1);
        hikari.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
        hikari.addDataSourceProperty("rewriteBatchedStatements", "true");
        hikari.addDataSourceProperty("connectTimeout", CONNECT_MS);
        hikari.addDataSourceProperty("socketTimeout", ANSWER_MS);
        return new HikariDataSource(hikari);
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
                warnIfCommitsAreNotFlushed();
                migrated.countDown();
                log.info("mysql is ready");
                return;
            } catch (FlywayException | SQLException e) {
                if (!told) {
                    log.warn("mysql cannot be used yet, trying again every {} s: {}", RETRY.toSeconds(), e.toString());
                    told = true;
                }
                pause();
            }
        }
    }

    private void warnIfCommitsAreNotFlushed() throws SQLException {
        try (Connection connection = writers.getConnection();
                Statement statement = connection.createStatement();
                ResultSet answer = statement.executeQuery("SELECT @@innodb_flush_log_at_trx_commit")) {
            if (answer.next() && answer.getInt(1) != 1) {
                log.warn(
                        "mysql has innodb_flush_log_at_trx_commit={}, durability mysql needs 1: commits may be lost",
                        answer.getInt(1));
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

    /** A connection with auto-commit for the journal's writer alone; to be closed by whoever asked for it. */
    Connection writerConnection() throws SQLException {
        requireReady();
        return writers.getConnection();
    }

    /** Work with a connection of its own, with auto-commit. However much of it there is, the writer has its own. */
    <T> T use(Work<T> work) throws SQLException {
        requireReady();
        awaitTurn();
        try (Connection connection = others.getConnection()) {
            return work.on(connection);
        } finally {
            turns.release();
        }
    }

    @FunctionalInterface
    interface Work<T> {
        T on(Connection connection) throws SQLException;
    }

    private void awaitTurn() throws SQLException {
        try {
            if (turns.tryAcquire(TURN.toNanos(), TimeUnit.NANOSECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new SQLTransientConnectionException("all connections are in use");
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
