package io.longline.saver.deadletter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.lease.Lease;
import io.longline.keeper.rpc.Deadline;
import io.longline.saver.SaverMetrics;
import io.longline.saver.journal.JournalConfig;
import io.longline.saver.journal.MysqlDatabase;
import io.longline.saver.journal.MysqlUse;
import io.longline.stores.junit.MariaDbExtension;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.SQLException;
import java.sql.Statement;
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
final class MysqlDeadLettersIT {
    @RegisterExtension
    static final MariaDbExtension mysql = new MariaDbExtension();

    private static final String KIND = "uplink.order";
    private static final Map<String, String> FIELDS =
            Map.of("i", "the client's \"id\"", "k", "data", "p", "room-1 7 0 0 0");
    private static final ByteString BYTES = ByteString.copyFrom(new byte[] {0, -1, '\'', '\\', 10});
    private static final AtomicInteger names = new AtomicInteger();

    @SuppressWarnings("NullAway.Init")
    private static MysqlDatabase database;

    private final String product = "shop-" + names.incrementAndGet();
    private final String other = product + "-other";
    private final MysqlDeadLetters letters = new MysqlDeadLetters(database, 10);

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

    private static DeadLetter letter(String product, String kind, long seq) {
        return again(product, kind, seq, seq, "status 500");
    }

    /** One that was sent again since. */
    private static DeadLetter again(String product, String kind, long first, long seq, String reason) {
        return new DeadLetter(
                new DeadLetter.About(product, kind + ".7." + first, kind, "u1", "phone", 41),
                seq,
                1_000 + first,
                reason,
                FIELDS,
                BYTES,
                DeadLetter.Kept.NOT_YET);
    }

    private void keep(String owner, String kind, int from, int to) {
        letters.keep(
                owner,
                IntStream.range(from, to).mapToObj(i -> letter(owner, kind, i)).toList());
    }

    private List<Long> seqs(List<DeadLetter> page) {
        return page.stream().map(DeadLetter::seq).toList();
    }

    @Test
    void whatIsKeptIsFoundWithAllThatItSays() {
        keep(product, KIND, 5, 6);

        DeadLetter found = letters.find(product, KIND + ".7.5").orElseThrow();

        assertThat(found.about()).isEqualTo(letter(product, KIND, 5).about());
        assertThat(found.seq()).isEqualTo(5);
        assertThat(found.atMs()).isEqualTo(1_005);
        assertThat(found.reason()).isEqualTo("status 500");
        assertThat(found.fields()).isEqualTo(FIELDS);
        assertThat(found.payload()).isEqualTo(BYTES);
        assertThat(found.kept().bytes()).isEqualTo(5);
        assertThat(found.kept().diedAtMs()).isBetween(1_700_000_000_000L, System.currentTimeMillis() + 60_000);
        assertThat(letters.find(other, KIND + ".7.5")).isEmpty();
        assertThat(letters.find(product, KIND + ".7.6")).isEmpty();
    }

    @Test
    void pagesHaveTheNewestFirstWithoutWhatTheySayAndOfOneProduct() {
        keep(product, KIND, 1, 4);
        keep(other, KIND, 11, 14);
        keep(product, "presence", 4, 6);

        List<DeadLetter> first = letters.page(product, "", 0, 3);
        assertThat(seqs(first)).containsExactly(5L, 4L, 3L);
        assertThat(first)
                .allSatisfy(letter -> assertThat(letter.payload()).isEmpty())
                .allSatisfy(letter -> assertThat(letter.kept().bytes()).isEqualTo(5));
        assertThat(seqs(letters.page(product, "", first.getLast().kept().number(), 3)))
                .containsExactly(2L, 1L);
        assertThat(seqs(letters.page(product, KIND, 0, 2))).containsExactly(3L, 2L);
        assertThat(letters.page(product, "uplink.other", 0, 3)).isEmpty();
    }

    @Test
    void oneThatDiesAgainIsThereOnceAndAnOlderDeathChangesNothing() {
        keep(product, KIND, 1, 3);
        letters.keep(product, List.of(again(product, KIND, 1, 9, "no answer")));
        letters.keep(product, List.of(again(product, KIND, 1, 1, "status 404")));

        assertThat(seqs(letters.page(product, "", 0, 9))).containsExactly(2L, 9L);
        assertThat(letters.find(product, KIND + ".7.1").orElseThrow().reason()).isEqualTo("no answer");
    }

    @Test
    void oneIsDiscardedOnlyAsItWasSeen() {
        keep(product, KIND, 1, 3);
        letters.keep(product, List.of(again(product, KIND, 1, 9, "no answer")));

        assertThat(letters.discard(product, KIND + ".7.1", 1)).isFalse();
        assertThat(letters.discard(other, KIND + ".7.1", 0)).isFalse();
        assertThat(letters.discard(product, KIND + ".7.1", 9)).isTrue();
        assertThat(letters.discard(product, KIND + ".7.2", 0)).isTrue();
        assertThat(letters.discard(product, KIND + ".7.2", 0)).isFalse();
        assertThat(letters.page(product, "", 0, 9)).isEmpty();
    }

    @Test
    void allOfAKindAreDiscardedAndNoOthers() {
        keep(product, KIND, 1, 4);
        keep(product, "presence", 4, 6);
        keep(other, KIND, 1, 4);

        assertThat(letters.discardKind(product, KIND, Deadline.after(Duration.ofMinutes(1))))
                .isEqualTo(new MysqlDeadLetters.Discarded(3, false));
        assertThat(letters.discardKind(product, KIND, Deadline.after(Duration.ZERO)))
                .isEqualTo(new MysqlDeadLetters.Discarded(0, false));

        assertThat(seqs(letters.page(product, "", 0, 9))).containsExactly(5L, 4L);
        assertThat(letters.page(other, "", 0, 9)).hasSize(3);
    }

    @Test
    void aProductHasSoManyAndOthersHaveTheirOwn() {
        keep(product, KIND, 0, 9);

        assertThatThrownBy(() -> keep(product, KIND, 9, 11)).isInstanceOfSatisfying(LonglineException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.QUEUE_FULL);
            assertThat(e.retryAfter()).isPresent();
        });
        assertThat(letters.page(product, "", 0, 20)).hasSize(9);
        keep(product, KIND, 9, 10);
        keep(other, KIND, 0, 10);
        assertThat(letters.page(product, "", 0, 20)).hasSize(10);
    }

    @Test
    void whatNobodySentAgainInTimeLeaves() throws SQLException {
        keep(product, KIND, 0, 3);
        keep(other, KIND, 0, 1);
        long old = System.currentTimeMillis() - Duration.ofDays(31).toMillis();
        int changed = database.use(MysqlUse.LETTER, connection -> {
            try (Statement statement = connection.createStatement()) {
                return statement.executeUpdate("UPDATE dead_letter SET died_at_ms = " + old + " WHERE product = '"
                        + product + "' AND seq < 2");
            }
        });
        assertThat(changed).isEqualTo(2);
        SaverMetrics metrics = new SaverMetrics(new SimpleMeterRegistry());

        new MysqlDeadLetterPurge(database, new DeadLetterConfig(10, Duration.ofDays(30)), metrics).run(held());

        assertThat(seqs(letters.page(product, "", 0, 9))).containsExactly(2L);
        assertThat(letters.page(other, "", 0, 9)).hasSize(1);
    }

    private static Lease held() {
        return new Lease() {
            @Override
            public boolean valid() {
                return true;
            }

            @Override
            public long fencing() {
                return 1;
            }

            @Override
            public void close() {}
        };
    }

    @Test
    void whatIsNoLetterIsRefused() {
        assertThatThrownBy(() -> again(product, "two words", 1, 1, ""))
                .isInstanceOfSatisfying(
                        LonglineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
        assertThatThrownBy(() -> again(product, KIND, 1, 1, "x".repeat(129))).hasMessageContaining("letter.reason");
    }
}
