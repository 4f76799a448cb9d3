package io.longline.room.session;

import io.longline.room.transport.Link;
import io.longline.room.transport.SharedFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Sends one inbox over one link, in order of seq, with never more than a window of messages unacknowledged.
 *
 * <p>It holds no messages. {@code sent} says how far the inbox was sent, {@code acked} how far the client is done with it,
 * {@code known} how far hints say that it reaches; where known is above sent a load is due. Until it is opened nothing is
 * written, because {@code welcome} comes first.
 */
public final class LastHop {
    private final Link link;
    private final int ref;
    private final int window;
    private final Unacked unacked = new Unacked();

    private boolean opened;
    private boolean caughtUp;
    private long sent;
    private long acked;
    private long known;
    private boolean behind; // there may be something that no hint named
    private @Nullable Load load;
    private @Nullable WaitingHints waiting;
    private @Nullable List<Drop> drops;
    private @Nullable RecentSeqs writtenNow; // of those that were to be written now or never

    /**
     * Closed at first, see {@link #open}.
     *
     * @param window at least 1
     */
    LastHop(Link link, int ref, int window) {
        this.link = link;
        this.ref = ref;
        this.window = window;
    }

    /** From here on it may write, above what is acknowledged. What the saver read when it opened the inbox is its first load. */
    void open(long ackedSeq) {
        acked = ackedSeq;
        sent = ackedSeq;
        opened = true;
        load = new Load(0);
    }

    void close() {
        opened = false;
        load = null;
        answerWaiting(HintOutcome.STALE);
    }

    /** Writes what the hint brings if that keeps the order; otherwise remembers that there is something. */
    public HintOutcome take(Hint hint, long nowMs) {
        Message message = hint.message();
        if (message != null && (hint.seq() == 0 || message.nowOrNever())) {
            return takeNow(hint, message, nowMs);
        }
        if (hint.seq() == 0) {
            return new HintOutcome.Refused("no message");
        }
        if (hint.seq() <= sent) {
            return passed(hint.seq());
        }
        known = Math.max(known, hint.seq());
        if (!mayWrite()) {
            return HintOutcome.QUEUED;
        }
        if (message == null || mayMiss(hint)) {
            return HintOutcome.AFTER_LOAD;
        }
        if (message.expired(nowMs)) {
            pass(hint.seq(), message, Drop.Reason.EXPIRED);
            return HintOutcome.QUEUED;
        }
        write(hint.seq(), message, nowMs);
        return HintOutcome.WRITTEN;
    }

    private HintOutcome takeNow(Hint hint, Message message, long nowMs) {
        if (hint.seq() != 0 && hint.seq() <= sent) {
            boolean written = unacked.contains(hint.seq()) || (writtenNow != null && writtenNow.contains(hint.seq()));
            return written ? HintOutcome.WRITTEN : new HintOutcome.Refused("late");
        }
        if (!opened) {
            return new HintOutcome.Refused("binding");
        }
        if (!link.writable()) {
            return new HintOutcome.Refused("slow");
        }
        if (hint.seq() == 0) {
            link.write(PushFrames.of(ref, 0, message, nowMs));
            return HintOutcome.WRITTEN;
        }
        if (mayMiss(hint) || free() == 0) {
            return new HintOutcome.Refused("window");
        }
        write(hint.seq(), message, nowMs);
        if (writtenNow == null) {
            writtenNow = new RecentSeqs();
        }
        writtenNow.add(hint.seq());
        return HintOutcome.WRITTEN;
    }

    /**
     * What became of a message up to {@code sent}. It may have been passed over, because it had expired or a newer one took its
     * place: only what the client has yet to acknowledge was surely written. Of the rest its copy tells.
     */
    private HintOutcome passed(long seq) {
        return unacked.contains(seq) ? HintOutcome.WRITTEN : HintOutcome.QUEUED;
    }

    /**
     * Whether something before it may not have been sent. Its {@code before} is worth something only if nothing else is known to be
     * missing: a message of {@code default} that the device took over has come into the inbox below what was there.
     */
    private boolean mayMiss(Hint hint) {
        return load != null || behind || hint.before() > sent;
    }

    /** Whether a load is due: there is something to send, it could be sent, and none is under way. */
    public boolean wantsLoad() {
        return load == null && (behind || known > sent) && mayWrite();
    }

    public Load beginLoad() {
        Load begun = new Load(known);
        load = begun;
        behind = false;
        return begun;
    }

    /** Answers a hint after the load that is under way; at once if that may take long, or if a window of hints waits already. */
    public void afterLoad(long seq, Consumer<HintOutcome> answer) {
        if (load == null || load.failures() > 0 || (waiting != null && waiting.size() >= window)) {
            answer.accept(passed(seq));
            return;
        }
        if (waiting == null) {
            waiting = new WaitingHints();
        }
        waiting.add(seq, answer);
    }

    /** Something may be in the inbox that no hint told of: a load is due, also after one that is under way. */
    public void reload() {
        behind = true;
    }

    /** Ends the load with the page it brought and writes of it what may be written. What does not fit is loaded again. */
    public void loaded(Page page, long nowMs) {
        Load ended = load;
        load = null;
        if (ended == null) {
            return;
        }
        boolean whole = writeAll(page, nowMs);
        if (whole) {
            sent = Math.max(sent, page.upto());
        }
        if (whole && !page.more()) {
            ranDry(ended);
        } else {
            behind = true;
        }
        if (waiting != null) {
            waiting.answerUpTo(sent, this::passed);
        }
        if (!wantsLoad()) {
            answerWaiting(HintOutcome.QUEUED);
        }
    }

    /** The load under way has failed and will be tried again. Nobody waits for what may take long. */
    public void loadFailed() {
        if (load != null) {
            load.failed();
        }
        answerWaiting(HintOutcome.QUEUED);
    }

    /** The load is not tried again; the next one begins when it can be written. */
    public void loadGivenUp() {
        load = null;
        behind = true;
    }

    private boolean writeAll(Page page, long nowMs) {
        Set<Long> collapsed = page.collapsed(nowMs);
        for (StoredMessage stored : page.messages()) {
            if (stored.seq() <= sent) {
                continue;
            }
            if (!stored.message().waits(nowMs)) {
                pass(stored.seq(), stored.message(), Drop.Reason.EXPIRED);
            } else if (collapsed.contains(stored.seq())) {
                pass(stored.seq(), stored.message(), Drop.Reason.COLLAPSED);
            } else if (mayWrite()) {
                write(stored.seq(), stored.message(), nowMs);
            } else {
                return false;
            }
        }
        return true;
    }

    private void ranDry(Load ended) {
        if (ended.covers(known)) {
            known = sent; // what was known above it is gone
        }
        if (!caughtUp) {
            caughtUp = true;
            link.write(PushFrames.caughtUp(ref, sent));
        }
    }

    private void write(long seq, Message message, long nowMs) {
        link.write(PushFrames.of(ref, seq, message, nowMs));
        sent = seq;
        unacked.add(seq);
    }

    private void pass(long seq, Message message, Drop.Reason why) {
        sent = seq;
        if (drops == null) {
            drops = new ArrayList<>(1);
        }
        drops.add(new Drop(seq, message.id(), why));
    }

    /**
     * Writes a message that is stored nowhere; false if that cannot be done at once: then it is lost for this client.
     *
     * @param frames of it, by ref
     */
    public boolean writeNow(IntFunction<SharedFrame> frames) {
        boolean may = opened && link.writable();
        if (may) {
            link.write(frames.apply(ref));
        }
        return may;
    }

    /** Whether a message could be written now. */
    public boolean mayWrite() {
        return opened && free() > 0 && link.writable();
    }

    /** Whether nothing is being loaded, and more could be written at once: who is so and is sent nothing has nothing to come. */
    public boolean isIdle() {
        return load == null && mayWrite();
    }

    /** Takes a cumulative ack, an unsigned number, clamped to what was sent; true if it says something new. */
    public boolean ack(long seq) {
        long upTo = Long.compareUnsigned(seq, sent) > 0 ? sent : seq;
        if (upTo <= acked) {
            return false;
        }
        acked = upTo;
        unacked.ackUpTo(upTo);
        return true;
    }

    public boolean hasDrops() {
        return drops != null;
    }

    /** What was passed over since this was last asked. */
    public List<Drop> takeDrops() {
        List<Drop> taken = drops == null ? List.of() : drops;
        drops = null;
        return taken;
    }

    public long sent() {
        return sent;
    }

    public long acked() {
        return acked;
    }

    /** How many messages the window has room for. */
    public int free() {
        return window - unacked.size();
    }

    private void answerWaiting(HintOutcome outcome) {
        if (waiting != null) {
            waiting.answerAll(outcome);
            waiting = null;
        }
    }
}
