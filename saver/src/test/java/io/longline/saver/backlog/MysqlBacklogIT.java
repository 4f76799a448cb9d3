package io.longline.saver.backlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.rpc.Deadline;
import io.longline.saver.journal.JournalConfig;
import io.longline.saver.journal.MysqlDatabase;
import io.longline.stores.junit.MariaDbExtension;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(120)
final class MysqlBacklogIT {
    @RegisterExtension
    static final MariaDbExtension mysql = new MariaDbExtension();

    private static final Map<String, String> FIELDS =
            Map.of("i", "the client's \"id\"", "k", "data", "p", "room-1 7 0 0 0");
    private static final ByteString BYTES = ByteString.copyFrom(new byte[] {0, -1, '\'', '\\', 10});
    private static final AtomicInteger shards = new AtomicInteger();

    @SuppressWarnings("NullAway.Init")
    private static MysqlDatabase database;

    private final int shard = shards.incrementAndGet();
    private final String product = "shop-" + shard;
    private final BacklogStream orders = new BacklogStream(shard, product, "uplink.order");
    private final MysqlBacklog backlog = new MysqlBacklog(database, new BacklogConfig(1_000, 1 << 20));

    @BeforeAll
    static void open() {
        database = new MysqlDatabase(
                new JournalConfig(mysql.jdbcUrl(), 12, 1, 1, 1, Duration.ofSeconds(20), Duration.ZERO));
        database.start();
        assertThat(database.awaitReady(Deadline.after(Duration.ofSeconds(30)))).isTrue();
    }

    @AfterAll
    static void close() {
        database.close();
    }

    private static BacklogEvent event(long seq) {
        return new BacklogEvent(seq, "u1", "phone", 41, 1_000 + seq, FIELDS, BYTES);
    }

    private static List<BacklogEvent> events(int from, int to) {
        return IntStream.range(from, to).mapToObj(MysqlBacklogIT::event).toList();
    }

    private List<Long> seqs(long after, int most) {
        return backlog.read(orders, after, most, 1 << 20).events().stream()
                .map(BacklogEvent::seq)
                .toList();
    }

    @Test
    void whatIsKeptIsReadInOrderWithAllThatItSays() {
        assertThat(backlog.open(shard, 7)).hasValue(List.of());
        assertThat(backlog.keep(orders, 7, events(5, 8))).isTrue();
        assertThat(backlog.keep(orders, 7, events(8, 9))).isTrue();

        MysqlBacklog.Page page = backlog.read(orders, 5, 2, 1 << 20);

        assertThat(page.events()).containsExactly(event(6), event(7));
        assertThat(page.more()).isTrue();
        assertThat(backlog.read(orders, 7, 2, 1 << 20)).isEqualTo(new MysqlBacklog.Page(events(8, 9), false));
        assertThat(backlog.read(orders, 0, 9, 6).events()).as("about 6 bytes").hasSize(2);
        assertThat(backlog.open(shard, 8)).hasValue(List.of(new MysqlBacklog.Size(orders, 4, 5, 8)));
    }

    @Test
    void whatIsKeptTwiceIsThereOnceAndCountsOnce() {
        MysqlBacklog two = new MysqlBacklog(database, new BacklogConfig(4, 1 << 20));
        two.open(shard, 7);
        assertThat(two.keep(orders, 7, events(1, 4))).isTrue();
        assertThat(two.keep(orders, 7, events(1, 5))).isTrue();
        assertThat(two.keep(orders, 7, events(1, 5))).isTrue();

        assertThat(seqs(0, 9)).containsExactly(1L, 2L, 3L, 4L);
        assertThatThrownBy(() -> two.keep(orders, 7, events(4, 6)))
                .isInstanceOfSatisfying(
                        LonglineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.QUEUE_FULL));
        assertThat(seqs(0, 9)).as("none of them").hasSize(4);

        assertThat(two.letGo(orders, 7, 2)).isEqualTo(MysqlBacklog.Step.DONE);
        assertThat(two.keep(orders, 7, events(5, 7))).isTrue();
        assertThat(seqs(0, 9)).containsExactly(3L, 4L, 5L, 6L);
    }

    @Test
    void ofAProductNoMoreBytesAreKeptThanMayBeInAllItsShards() {
        MysqlBacklog small = new MysqlBacklog(database, new BacklogConfig(1_000, 200));
        BacklogStream elsewhere = new BacklogStream(200, product, "uplink.chat");
        small.open(shard, 7);
        small.open(200, 7);
        assertThat(small.keep(orders, 7, events(1, 2))).isTrue();
        assertThat(small.keep(elsewhere, 7, events(1, 2))).isTrue();

        assertThatThrownBy(() -> small.keep(orders, 7, events(2, 4)))
                .isInstanceOf(LonglineException.class)
                .hasMessageContaining("200");
        BacklogStream other = new BacklogStream(shard, product + "-other", "uplink.order");
        assertThat(small.keep(other, 7, events(2, 4))).isTrue();
    }

    @Test
    void whoHasOpenedItEarlierChangesNothingAnyMore() {
        backlog.open(shard, 7);
        backlog.keep(orders, 7, events(1, 3));
        assertThat(backlog.open(shard, 9)).isPresent();

        assertThat(backlog.open(shard, 8)).isEmpty();
        assertThat(backlog.keep(orders, 7, events(3, 5))).isFalse();
        assertThat(backlog.letGo(orders, 7, 2)).isEqualTo(MysqlBacklog.Step.STALE);

        assertThat(seqs(0, 9)).containsExactly(1L, 2L);
        assertThat(backlog.keep(orders, 9, events(3, 4))).isTrue();
    }

    @Test
    void whatCameBackIsForgottenInSteps() {
        backlog.open(shard, 7);
        backlog.keep(orders, 7, events(1, 701));

        assertThat(backlog.letGo(orders, 7, 650)).isEqualTo(MysqlBacklog.Step.MORE);
        assertThat(backlog.letGo(orders, 7, 650)).isEqualTo(MysqlBacklog.Step.DONE);
        assertThat(backlog.open(shard, 8)).hasValue(List.of(new MysqlBacklog.Size(orders, 50, 651, 700)));

        assertThat(backlog.letGo(orders, 8, 700)).isEqualTo(MysqlBacklog.Step.DONE);
        assertThat(backlog.open(shard, 9)).hasValue(List.of());
    }

    @Test
    void whatIsWrongIsNamed() {
        assertThatThrownBy(() -> new BacklogStream(256, product, "uplink.order"))
                .hasMessageContaining("stream.shard")
                .hasMessageContaining("256");
        assertThatThrownBy(() -> new BacklogStream(1, product, "uplink/order")).hasMessageContaining("stream.kind");
        assertThatThrownBy(() -> new BacklogEvent(0, "u1", "", 0, 0, Map.of(), BYTES))
                .hasMessageContaining("events.seq");
    }
}
