package io.longline.saver.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.product.Durability;
import io.longline.keeper.product.Product;
import io.longline.keeper.product.Products;
import io.longline.keeper.rpc.Deadline;
import io.longline.saver.SaverMetrics;
import io.longline.saver.budget.Budgets;
import io.longline.saver.budget.Urgency;
import io.longline.saver.endpoint.CopyState;
import io.longline.saver.endpoint.Endpoint;
import io.longline.saver.endpoint.ProductPolicy;
import io.longline.saver.endpoint.ShardCalls;
import io.longline.saver.inbox.AppendOutcome.Appended;
import io.longline.saver.inbox.AppendOutcome.Full;
import io.longline.saver.journal.Journal;
import io.longline.saver.journal.JournalEntry;
import io.longline.saver.journal.Receipt;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The order in which a flow asks its store and its journal. */
final class InboxTest {
    private final Deadline deadline = Deadline.afterMillis(60_000);
    private final Endpoint careful = new Endpoint("careful", "u1", "phone");
    private final Endpoint fast = new Endpoint("fast", "u1", "phone");
    private final Reading first = Reading.first(10, 5, "room-1");
    private final List<String> steps = new CopyOnWriteArrayList<>();
    private final Steps store = new Steps();
    private final Notes journal = new Notes();
    private final SaverMetrics metrics = new SaverMetrics(new SimpleMeterRegistry());
    private final Inbox inbox = new Inbox(
            store,
            new UnheardAcks(store, journal, metrics),
            journal,
            new ProductPolicy(new TwoProducts()),
            new ShardCalls(Duration.ofSeconds(2), shard -> {}, shard -> false, () -> {}),
            (endpoint, until) -> steps.add("back " + endpoint.device()),
            new Budgets(kind -> steps.add("refused " + kind)),
            metrics);

    private static NewCopy copy(Endpoint endpoint) {
        return new NewCopy(endpoint, "m1", 99, "", Urgency.NORMAL, ByteString.copyFromUtf8("body"));
    }

    @Test
    void aMessageIsStoredThenJournaledThenConfirmed() {
        assertThat(inbox.store(copy(careful), deadline))
                .isEqualTo(new Appended("phone", 1, 0, CopyState.STORED, false, "", 0, ""));
        assertThat(steps).containsExactly("append", "journal Row 1", "holds");
    }

    @Test
    void aMessageThatRedisLostBeforeItsCommitIsStoredAgain() {
        store.holdsFrom = 3;

        assertThat(inbox.store(copy(careful), deadline))
                .isEqualTo(new Appended("phone", 3, 0, CopyState.STORED, false, "", 0, ""));
        assertThat(steps)
                .containsExactly(
                        "append",
                        "journal Row 1",
                        "holds",
                        "append",
                        "journal Row 2",
                        "holds",
                        "append",
                        "journal Row 3",
                        "holds");
    }

    @Test
    void durabilityRedisWaitsForNothingMore() {
        inbox.store(copy(fast), deadline);

        assertThat(steps).containsExactly("append", "journal Row 1");
    }

    @Test
    void whatGaveWayToAMessageIsJournaledBeforeIt() {
        store.older = 7;

        inbox.store(copy(careful), deadline);
        assertThat(steps).containsExactly("append", "journal Final 7", "journal Row 1", "holds");
    }

    @Test
    void aFullInboxIsNotJournaled() {
        store.full = true;

        assertThat(inbox.store(copy(careful), deadline)).isEqualTo(new Full());
        assertThat(steps).containsExactly("append");
    }

    @Test
    void whileMysqlIsAwayItsProductsLeaveNothingInRedis() {
        journal.away = true;

        assertThatThrownBy(() -> inbox.store(copy(careful), deadline))
                .isInstanceOfSatisfying(
                        LonglineException.class, e -> assertThat(e.dependency()).contains("mysql"));
        assertThatThrownBy(() -> inbox.forget(careful, 0, DropReason.FORGOTTEN, deadline))
                .isInstanceOf(LonglineException.class);
        assertThat(steps).isEmpty();
        inbox.store(copy(fast), deadline);
        assertThat(steps).contains("append");
    }

    @Test
    void aBindAcknowledgesThenSettlesTheHeirThenLoads() {
        store.decision = new Inheritance("phone", 20, false, List.of(5L), List.of(), List.of(6L, 8L));
        inbox.open(careful, 7, first, deadline);

        assertThat(steps)
                .containsExactly(
                        "ack 7",
                        "acked 7",
                        "inherit",
                        "journal Heir 20",
                        "journal Moved 5",
                        "journal TakenOver [6, 8]",
                        "kept 20",
                        "load after 0");
    }

    @Test
    void aDecisionThatRedisLostBeforeItsCommitIsMadeAgain() {
        store.decision = new Inheritance("phone", 20, false, List.of(), List.of(), List.of());
        store.keptFrom = 2;
        inbox.open(careful, 0, first, deadline);

        assertThat(steps)
                .containsExactly(
                        "ack 0",
                        "inherit",
                        "journal Heir 20",
                        "kept 20",
                        "inherit",
                        "journal Heir 20",
                        "kept 20",
                        "load after 0");
    }

    @Test
    void aBindOfDefaultJournalsTheDecisionThatIsOwedBeforeItMakesItsOwn() {
        store.decision = new Inheritance("phone", 20, false, List.of(5L), List.of(), List.of());
        store.next = new Inheritance("default", 30, false, List.of(), List.of(), List.of());
        inbox.open(careful.withDevice("default"), 0, first, deadline);

        assertThat(steps)
                .containsExactly(
                        "ack 0",
                        "inherit",
                        "journal Heir 20",
                        "journal Moved 5",
                        "kept 20",
                        "inherit",
                        "journal Heir 30",
                        "kept 30",
                        "load after 0");
    }

    @Test
    void aDecisionTheJournalHasIsNotWrittenAgain() {
        inbox.open(careful, 0, first, deadline);

        assertThat(steps).containsExactly("ack 0", "inherit", "load after 0");
    }

    @Test
    void aBindThatHasNothingToSettleIsOneStep() {
        store.opened = new Page(List.of(), false, 9, 0, 0, false, 9);

        assertThat(inbox.open(careful, 9, first, deadline)).isEqualTo(store.opened);
        assertThat(steps).isEmpty();
    }

    @Test
    void onlyAnAckThatMovedTheWatermarkIsJournaled() {
        assertThat(inbox.ack(careful, new Ack(7, "room-1", 0), deadline)).isEqualTo(7);
        assertThat(inbox.ack(careful, new Ack(7, "room-1", 0), deadline)).isEqualTo(7);

        assertThat(steps).containsExactly("ack 7", "acked 7", "ack 7");
    }

    @Test
    void anAckTheJournalHasNoRoomForIsNotTakenForMysqlProducts() {
        journal.full = true;

        assertThatThrownBy(() -> inbox.ack(careful, new Ack(7, "room-1", 0), deadline))
                .isInstanceOfSatisfying(
                        LonglineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OVERLOADED));
        assertThat(steps).isEmpty();
        inbox.open(careful, 0, first, deadline);
        inbox.ack(fast, new Ack(7, "room-1", 0), deadline);
        assertThat(steps).contains("ack 7");
    }

    @Test
    void whatIsInMysqlAloneIsBroughtBackBeforeItIsAskedForAgain() {
        store.away = 1;
        inbox.load(careful, Reading.further(3, 10, 0, "room-1"), deadline);
        assertThat(steps).containsExactly("load after 3", "back phone", "load after 3");

        steps.clear();
        store.away = 2;
        inbox.forget(careful, 0, DropReason.FORGOTTEN, deadline);
        assertThat(steps).startsWith("forget", "back phone", "forget", "back phone", "forget", "acked 9");
    }

    @Test
    void aBindBringsBackWhatItsDeviceAndDefaultHaveBeforeItTakesOver() {
        inbox.ack(careful, new Ack(7, "room-1", 0), deadline);
        steps.clear();
        store.awayAtInherit = true;
        inbox.open(careful, 0, first, deadline);

        assertThat(steps).containsExactly("ack 0", "inherit", "back phone", "back default", "inherit", "load after 0");
    }

    @Test
    void whatEndsAndWhatIsForgottenIsJournaled() {
        inbox.settle(new Settlement(careful, 7, "m1", CopyState.DROPPED, "offline", Settlement.By.NOBODY), deadline);
        inbox.settle(new Settlement(careful, 7, "m1", CopyState.WRITTEN, "", Settlement.By.NOBODY), deadline);
        assertThat(inbox.forget(careful, 0, DropReason.FORGOTTEN, deadline)).isEqualTo(1);

        assertThat(steps)
                .containsExactly(
                        "settle DROPPED",
                        "journal Final 7",
                        "settle WRITTEN",
                        "forget",
                        "acked 9",
                        "journal Final 9",
                        "journal Heir 30");
    }

    @Test
    void anAckThatWasTakenWithoutAnAnswerIsJournaledAllTheSame() {
        store.failedAcks = 2;
        assertThatThrownBy(() -> inbox.ack(careful, new Ack(7, "room-1", 0), deadline))
                .isInstanceOf(LonglineException.class);

        Awaitility.await().until(() -> steps.contains("acked 7"));
        assertThat(steps).containsExactly("ack 7 fails", "ack 0 fails", "ack 0", "acked 7");
    }

    /** Redis was restarted in between with the ack in its log, and has no mark yet. */
    @Test
    void anAckThatWasTakenBeforeItsShardWasLostIsAskedForUntilThatIsWhole() {
        store.failedAcks = 1;
        store.lostAcks = 1;
        assertThatThrownBy(() -> inbox.ack(careful, new Ack(7, "room-1", 0), deadline))
                .isInstanceOf(LonglineException.class);

        Awaitility.await().until(() -> steps.contains("acked 7"));
        assertThat(steps).containsExactly("ack 7 fails", "ack 0 is lost", "ack 0", "acked 7");
    }

    @Test
    void aRecallIsJournaledUntilTheStoreHasItAndTheJournalToo() {
        assertThat(recall(careful)).isEqualTo(CopyState.RECALLED);
        assertThat(steps).containsExactly("settle RECALLED", "journal Final 7", "settle RECALLED");

        steps.clear();
        store.recalls = 2; // Redis was lost in between
        assertThat(recall(careful)).isEqualTo(CopyState.RECALLED);
        assertThat(steps)
                .containsExactly(
                        "settle RECALLED", "journal Final 7", "settle RECALLED", "journal Final 7", "settle RECALLED");
    }

    @Test
    void whatWasSentIsNotRecalledAndNothingIsWhileMysqlIsAway() {
        store.written = true;
        assertThat(recall(careful)).isEqualTo(CopyState.WRITTEN);
        assertThat(steps).containsExactly("settle RECALLED");

        steps.clear();
        journal.away = true;
        assertThatThrownBy(() -> recall(careful)).isInstanceOf(LonglineException.class);
        assertThat(steps).isEmpty();
    }

    private CopyState recall(Endpoint endpoint) {
        return inbox.recall(new Settlement(endpoint, 7, "m1", CopyState.RECALLED, "", Settlement.By.NOBODY), deadline)
                .state()
                .orElseThrow();
    }

    private static final class TwoProducts implements Products {
        @Override
        public Optional<Product> find(String id) {
            return all().stream().filter(product -> product.id().equals(id)).findFirst();
        }

        @Override
        public List<Product> all() {
            return List.of(Product.create("careful", Durability.MYSQL), Product.create("fast", Durability.REDIS));
        }
    }

    /** Notes what it is asked for; answers as it was told. */
    private final class Steps implements InboxStore {
        boolean full;
        int holdsFrom = 1;
        long older;
        int keptFrom = 1;
        boolean written;

        /** So many acks are taken and not answered. */
        int failedAcks;

        /** So many after them meet a lost shard. */
        int lostAcks;

        /** So often a recall changes something. */
        int recalls = 1;

        Inheritance decision = new Inheritance("phone", 10, true, List.of(), List.of(), List.of());

        @Nullable
        Inheritance next;

        private long seq;
        private int kept;
        private long watermark;

        private <T> CompletionStage<T> done(String step, T answer) {
            steps.add(step);
            return CompletableFuture.completedFuture(answer);
        }

        boolean awayAtInherit;

        /** So often the answer is that messages are in MySQL alone. */
        int away;

        private <T> CompletionStage<Optional<T>> present(String step, T answer) {
            return done(step, away-- > 0 ? Optional.empty() : Optional.of(answer));
        }

        @Override
        public CompletionStage<Optional<AppendOutcome>> append(NewCopy copy, int limit, boolean hasRoom) {
            String device = copy.endpoint().device();
            return present(
                    "append",
                    full
                            ? new Full()
                            : new Appended(
                                    device, ++seq, 0, CopyState.STORED, false, "", older, older == 0 ? "" : "m0"));
        }

        @Override
        public CompletionStage<Boolean> holds(Endpoint endpoint, String messageId, long stored) {
            return done("holds", seq >= holdsFrom);
        }

        @Override
        public CompletionStage<Optional<Inheritance>> inherit(Endpoint bound) {
            if (awayAtInherit) {
                awayAtInherit = false;
                return done("inherit", Optional.empty());
            }
            Inheritance now = decision;
            Inheritance after = next;
            decision = after == null ? decision : after;
            return present("inherit", now);
        }

        @Override
        public CompletionStage<Boolean> inheritanceKept(Endpoint ofUser, long version) {
            return done("kept " + version, ++kept >= keptFrom);
        }

        /** What a session that has nothing to settle is read; none: it has. */
        @Nullable
        Page opened;

        @Override
        public CompletionStage<Optional<Page>> open(Endpoint endpoint, long named, Reading first) {
            return CompletableFuture.completedFuture(Optional.ofNullable(opened));
        }

        @Override
        public CompletionStage<Optional<Page>> load(Endpoint endpoint, Reading reading) {
            return present(
                    "load after " + reading.after(),
                    new Page(List.of(), false, reading.after(), 0, 0, false, watermark));
        }

        @Override
        public CompletionStage<Optional<Watermark>> ack(Endpoint endpoint, Ack ack) {
            long to = ack.seq();
            if (failedAcks > 0) {
                failedAcks--;
                watermark = Math.max(watermark, to);
                steps.add("ack " + to + " fails");
                return CompletableFuture.failedFuture(LonglineException.dependencyDown("redis", "no answer", null));
            }
            if (lostAcks > 0) {
                lostAcks--;
                steps.add("ack " + to + " is lost");
                return CompletableFuture.failedFuture(new LonglineException(ErrorCode.SHARD_LOST, "no mark"));
            }
            boolean moved = to > watermark;
            watermark = Math.max(watermark, to);
            return present("ack " + to, new Watermark(watermark, moved));
        }

        @Override
        public CompletionStage<Settlement.Settled> settle(Settlement settlement) {
            CopyState now = written ? CopyState.WRITTEN : settlement.state();
            boolean ended = now == CopyState.DROPPED || (now == CopyState.RECALLED && recalls-- > 0);
            return done(
                    "settle " + settlement.state(),
                    new Settlement.Settled(Optional.of(now), "phone", settlement.seq(), ended));
        }

        @Override
        public CompletionStage<List<Unsent>> unsent(int shard, long fromSeq, long olderThanMs, int limit) {
            return done("unsent", List.of());
        }

        @Override
        public CompletionStage<Optional<Long>> pending(Endpoint endpoint) {
            return present("pending", 0L);
        }

        @Override
        public CompletionStage<Optional<Forgotten>> forget(Endpoint endpoint, long uptoSeq, DropReason why) {
            return present("forget", new Forgotten(9, 30, List.of(new Forgotten.Dropped(9, "m1"))));
        }
    }

    private final class Notes implements Journal {
        boolean away;
        boolean full;

        @Override
        public Receipt write(Durability durability, List<JournalEntry> entries) {
            requireUp(durability);
            entries.forEach(this::note);
            return Receipt.DONE;
        }

        @Override
        public Receipt keep(Durability durability, List<JournalEntry> entries) {
            return write(durability, entries);
        }

        private void note(JournalEntry entry) {
            String what = switch (entry) {
                case JournalEntry.Row row -> "Row " + row.seq();
                case JournalEntry.Final end -> "Final " + end.seq();
                case JournalEntry.Moved moved -> "Moved " + moved.seq();
                case JournalEntry.TakenOver held -> "TakenOver " + held.seqs();
                case JournalEntry.Heir heir -> "Heir " + heir.version();
                case JournalEntry.Device device -> "Device " + device.generation();
                case JournalEntry.Scheduled kept -> "Scheduled " + kept.messageId();
                case JournalEntry.ScheduleEnd end -> "ScheduleEnd " + end.messageId();
                case JournalEntry.TopicRow row -> "TopicRow " + row.offset();
                case JournalEntry.Settled settled -> "Settled " + settled.offset();
                case JournalEntry.Follow follow -> "Follow " + follow.version();
            };
            steps.add("journal " + what);
        }

        @Override
        public void requireUp(Durability durability) {
            if (away && durability == Durability.MYSQL) {
                throw LonglineException.dependencyDown("mysql", "away", null);
            }
        }

        @Override
        public void acked(Endpoint endpoint, long seq) {
            steps.add("acked " + seq);
        }

        @Override
        public void passed(Endpoint endpoint, String topic, long offset) {
            steps.add("passed " + offset);
        }

        @Override
        public void requireRoomForAck(Endpoint endpoint) {
            if (full) {
                throw new LonglineException(ErrorCode.OVERLOADED, "full");
            }
        }

        @Override
        public void hurry() {
            steps.add("hurry");
        }

        @Override
        public boolean flush(Deadline until) {
            return !until.passed();
        }
    }
}
