package io.longline.saver.journal;

import io.longline.keeper.config.ConfigReader;
import java.time.Duration;

/**
 * The limits of the journal.
 *
 * @param url of MySQL, with user and password
 * @param connections at most, two of them for the journal's writer alone
 * @param queueEntries of each durability that wait to be written, at most
 * @param queueBytes of them, at most
 * @param watermarks that wait to be written, at most
 * @param timeout how long a store waits for its commit
 * @param linger how long a message of durability {@code redis} waits for an ack before it is written
 */
public record JournalConfig(
        String url,
        int connections,
        int queueEntries,
        long queueBytes,
        int watermarks,
        Duration timeout,
        Duration linger) {

    private static final String SCHEME = "jdbc:mysql://";

    public static JournalConfig read(ConfigReader reader) {
        JournalConfig config = new JournalConfig(
                reader.text("mysql.url", "jdbc:mysql://127.0.0.1:3306/longline?user=longline&password=longline"),
                reader.integer("mysql.connections", 12, 5, 200),
                reader.integer("saver.journal.queue", 20_000, 1, 10_000_000),
                reader.size("saver.journal.bytes", "32MiB"),
                reader.integer("saver.journal.watermarks", 100_000, 1, 100_000_000),
                reader.duration("saver.journal.timeout", "2s"),
                reader.duration("saver.journal.linger", "500ms"));
        if (!config.url.startsWith(SCHEME)) {
            reader.problem("mysql.url", SCHEME + "host:port/database, for MariaDB too");
        }
        return config;
    }
}
