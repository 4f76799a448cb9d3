package io.longline.room.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.room.fake.TestLoop;
import io.longline.room.session.Drop;
import io.longline.room.session.Endpoint;
import io.longline.room.session.Hint;
import io.longline.room.session.Message;
import io.longline.room.session.Page;
import io.longline.room.session.Session;
import io.longline.room.session.StoredMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongPredicate;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** The inbox of one endpoint as a saver keeps it, with answers that come late, in any order, or not at all. */
final class ModelInbox implements Inboxes {
    private static final int MOST_MESSAGES = 10; // of a page, whatever was asked for
    private static final int GRACE_MS = 10_000; // an expired message that may be on its way stays for so long

    private final TestLoop loop;
    private final RandomGenerator random;
    private final TreeMap<Long, Message> entries = new TreeMap<>();
    private final TreeMap<Long, Message> heritage = new TreeMap<>();
    private final List<Long> everStored = new ArrayList<>();
    private final Set<Long> expired = new HashSet<>();
    private LongPredicate wasSent = seq -> true;
    private double failures;
    private long last;
    private long acked;
    private int loads;

    ModelInbox(TestLoop loop, RandomGenerator random) {
        this.loop = loop;
        this.random = random;
    }

    /** How the model knows that a seq was written to the client. */
    void wasSent(LongPredicate sent) {
        wasSent = sent;
    }

    /** This share of the calls fails from now on. */
    void failing(double share) {
        failures = share;
    }

    Hint store(Message message) {
        long before = entries.isEmpty() ? 0 : entries.lastKey(); // which may have expired
        last += 1 + random.nextInt(3);
        entries.put(last, message);
        everStored.add(last);
        return new Hint(last, before, message);
    }

    /** In the inbox of {@code default}, which this device takes over when it is opened. */
    void storeForHeir(Message message) {
        last += 1 + random.nextInt(3);
        heritage.put(last, message);
        everStored.add(last);
    }

    /** Center says what became of a copy that was to be written now or never. */
    void settle(long seq) {
        if (entries.remove(seq) != null) {
            expired.add(seq);
        }
    }

    long last() {
        return last;
    }

    List<Long> everStored() {
        return everStored;
    }

    /** Those that expired before they could be sent, and that the saver was told of. */
    Set<Long> expired() {
        return expired;
    }

    int size() {
        return entries.size();
    }

    int loads() {
        return loads;
    }

    @Override
    public CompletableFuture<Opened> open(Endpoint endpoint, long ackSeq, int limit, long generation) {
        return call(() -> {
            entries.putAll(heritage);
            heritage.clear();
            ack(Math.min(ackSeq, last));
            return new Opened(acked, entries.size(), page(acked, limit), 0, false);
        });
    }

    @Override
    public CompletableFuture<Optional<Page>> load(Session session) {
        loads++;
        long after = session.lastHop().sent();
        int limit = session.lastHop().free();
        assertThat(limit).as("a load asks for what the window has room for").isPositive();
        return call(() -> Optional.of(page(after, limit)));
    }

    @Override
    public CompletableFuture<Void> ack(Session session, long seq) {
        return call(() -> {
            assertThat(seq).as("an ack is clamped to what was sent").isLessThanOrEqualTo(last);
            assertThat(entries.headMap(seq, true).keySet())
                    .as("what is acknowledged was sent, or reported expired before")
                    .allMatch(wasSent::test);
            ack(seq);
            return null;
        });
    }

    @Override
    public CompletableFuture<Void> dropped(Endpoint endpoint, Drop drop) {
        return call(() -> {
            if (entries.remove(drop.seq()) != null) {
                expired.add(drop.seq());
            }
            return null;
        });
    }

    @Override
    public CompletableFuture<Void> forget(Endpoint endpoint, long uptoSeq) {
        throw new UnsupportedOperationException("nobody forgets this device");
    }

    private void ack(long seq) {
        acked = Math.max(acked, seq);
        entries.headMap(acked, true).clear();
    }

    private Page page(long after, int limit) {
        entries.entrySet().removeIf(entry -> {
            Message message = entry.getValue();
            boolean gone = message.expired(
                    loop.nowMs() - (message.nowOrNever() ? GRACE_MS : 0)); // the room passes those in grace
            if (gone) {
                expired.add(entry.getKey());
            }
            return gone;
        });
        List<StoredMessage> messages = new ArrayList<>();
        for (var entry : entries.tailMap(after, false).entrySet()) {
            if (messages.size() == Math.min(limit, MOST_MESSAGES)) {
                return new Page(messages, true, messages.getLast().seq());
            }
            messages.add(new StoredMessage(entry.getKey(), entry.getValue()));
        }
        return new Page(messages, false, last);
    }

    /** Done at some moment, answered at a later one; a call that fails may have been done. */
    private <T> CompletableFuture<T> call(Supplier<T> work) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        boolean fails = random.nextDouble() < failures;
        boolean done = !fails || random.nextBoolean();
        loop.later(someTime(), () -> {
            T result = done ? work.get() : null;
            loop.later(someTime(), () -> {
                if (fails) {
                    answer.completeExceptionally(new LonglineException(ErrorCode.DEADLINE_EXCEEDED, "late"));
                } else {
                    answer.complete(result);
                }
            });
        });
        return answer;
    }

    private Duration someTime() {
        return Duration.ofMillis(random.nextInt(20));
    }
}
