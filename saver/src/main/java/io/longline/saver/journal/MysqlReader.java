package io.longline.saver.journal;

import com.google.protobuf.ByteString;
import io.longline.saver.endpoint.CopyState;
import io.longline.saver.endpoint.Endpoint;
import io.longline.saver.journal.JournalEntry.Device;
import io.longline.saver.journal.JournalEntry.Heir;
import java.util.Optional;
import java.util.function.Consumer;

/** Reads the journal of one shard, row by row: a shard may be larger than memory. */
public final class MysqlReader {
    /** Bodies travel for what waits only: most of what a day's journal holds was acknowledged. */
    private static final String MESSAGES = """
            SELECT i.product, i.user, i.seq, i.device, i.message_id, i.expires_at_ms,
              IF(i.state = 0 AND i.seq <= a.seq, 3, i.state), i.reason,
              IF(i.state = 0 AND i.expires_at_ms > ? AND (a.seq IS NULL OR i.seq > a.seq), i.body, NULL)
            FROM inbox i LEFT JOIN acked a
              ON a.shard = i.shard AND a.product = i.product AND a.user = i.user AND a.device = i.device
            WHERE i.shard = ? AND i.state <> 100
              AND (i.seq >= ? OR i.state = 0 AND i.expires_at_ms > ? AND (a.seq IS NULL OR i.seq > a.seq))
              AND (i.seq >= ? OR i.state <> 0)
            ORDER BY i.product, i.user, i.seq""";

    private static final String HEIRS =
            "SELECT product, user, version, heir FROM heir WHERE shard = ? ORDER BY product, user, version";
    private static final String WATERMARKS = "SELECT product, user, device, seq FROM acked WHERE shard = ?";
    private static final String DEVICES =
            "SELECT product, user, device, generation, seen_ms, forgotten FROM device WHERE shard = ?";
    private static final String SCHEDULE = """
            SELECT product, message_id, body_hash, send_at_ms, over_at_ms, state, targets, body
            FROM schedule WHERE shard = ? AND over_at_ms > ?""";

    private final MysqlRows rows;

    public MysqlReader(MysqlDatabase database) {
        this.rows = new MysqlRows(database);
    }

    /**
     * A message as the journal knows it.
     *
     * @param endpoint the one it was stored for
     * @param end its final state if it is known here; the watermark of an heir may be above it all the same
     * @param message empty where it has ended
     */
    public record Journaled(
            Endpoint endpoint,
            long seq,
            String messageId,
            long expiresAtMs,
            Optional<CopyState> end,
            String reason,
            ByteString message) {}

    /**
     * A message that is to be sent later, as the journal knows it.
     *
     * @param overAtMs when it ended, or is to have ended
     */
    public record JournaledSchedule(
            String product,
            String messageId,
            ByteString bodyHash,
            long sendAtMs,
            long overAtMs,
            Stage stage,
            String targets,
            ByteString push) {

        /** How far it has come. */
        public enum Stage {
            WAITING,
            SENT,
            RECALLED
        }
    }

    /** A watermark as the journal knows it. */
    public record Acked(Endpoint endpoint, long seq) {}

    /**
     * Messages in order of user and seq: those whose ids are still refused, and older ones that have not ended and not expired. Of what
     * Redis has, only those that have ended otherwise than by an ack.
     */
    public void messages(int shard, Extent extent, Consumer<Journaled> each) {
        rows.read(
                MysqlUse.RESTORE,
                MESSAGES,
                statement -> {
                    statement.setLong(1, extent.nowMs());
                    statement.setInt(2, shard);
                    statement.setLong(3, extent.keptFromSeq());
                    statement.setLong(4, extent.nowMs());
                    statement.setLong(5, extent.missingFromSeq());
                },
                row -> {
                    byte[] body = row.getBytes(9);
                    each.accept(new Journaled(
                            new Endpoint(row.getString(1), row.getString(2), row.getString(4)),
                            row.getLong(3),
                            row.getString(5),
                            row.getLong(6),
                            CopyState.ofCode(row.getInt(7)),
                            row.getString(8),
                            body == null ? ByteString.EMPTY : ByteString.copyFrom(body)));
                });
    }

    /** Heirs, of each user in the order in which they came. */
    public void heirs(int shard, Consumer<Heir> each) {
        rows.read(
                MysqlUse.RESTORE,
                HEIRS,
                statement -> statement.setInt(1, shard),
                row -> each.accept(new Heir(row.getString(1), row.getString(2), row.getLong(3), row.getString(4))));
    }

    public void watermarks(int shard, Consumer<Acked> each) {
        rows.read(
                MysqlUse.RESTORE,
                WATERMARKS,
                statement -> statement.setInt(1, shard),
                row -> each.accept(
                        new Acked(new Endpoint(row.getString(1), row.getString(2), row.getString(3)), row.getLong(4))));
    }

    /** What is to be sent later, and what of it ended after that moment. */
    public void schedule(int shard, long endedSinceMs, Consumer<JournaledSchedule> each) {
        rows.read(
                MysqlUse.RESTORE,
                SCHEDULE,
                statement -> {
                    statement.setInt(1, shard);
                    statement.setLong(2, endedSinceMs);
                },
                row -> {
                    byte[] body = row.getBytes(8);
                    each.accept(new JournaledSchedule(
                            row.getString(1),
                            row.getString(2),
                            ByteString.copyFrom(row.getBytes(3)),
                            row.getLong(4),
                            row.getLong(5),
                            stage(row.getInt(6)),
                            row.getString(7),
                            body == null ? ByteString.EMPTY : ByteString.copyFrom(body)));
                });
    }

    private static JournaledSchedule.Stage stage(int state) {
        return switch (state) {
            case MysqlSchedule.WAITING -> JournaledSchedule.Stage.WAITING;
            case MysqlSchedule.RECALLED -> JournaledSchedule.Stage.RECALLED;
            default -> JournaledSchedule.Stage.SENT;
        };
    }

    /** Known devices, and the forgotten ones. */
    public void devices(int shard, Consumer<Device> each) {
        rows.read(
                MysqlUse.READ,
                DEVICES,
                statement -> statement.setInt(1, shard),
                row -> each.accept(new Device(
                        new Endpoint(row.getString(1), row.getString(2), row.getString(3)),
                        row.getLong(4),
                        row.getLong(5),
                        row.getBoolean(6))));
    }
}
