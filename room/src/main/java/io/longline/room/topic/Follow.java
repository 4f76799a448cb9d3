package io.longline.room.topic;

import io.longline.room.session.Message;
import io.longline.room.session.PushFrames;
import io.longline.room.session.Session;
import io.longline.room.session.StoredMessage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One session follows one topic: sends its log over the session's link, in order of offset.
 *
 * <p>It holds no messages. {@code sent} says how far the log was sent, {@code acked} how far the client is done with it, {@code known} how far
 * somebody said that it reaches since the last read began. Until its position is known nothing is written.
 */
sealed class Follow permits BroadcastFollow {
    private final SessionFollows of;
    private final Followers followers;
    private int at; // among the followers
    private boolean byBackEnd;
    private boolean open;
    private boolean behind; // there may be something that nobody named
    private boolean gone;
    private @Nullable TopicRead read; // that is under way, waits to begin or to be tried again
    private long sent;
    private long acked;
    private long known;

    /**
     * One that has no position yet.
     *
     * @param from the offset after which it began to follow
     */
    Follow(SessionFollows of, Followers followers, long from, boolean byBackEnd) {
        this.of = of;
        this.followers = followers;
        this.acked = from;
        this.byBackEnd = byBackEnd;
    }

    /** All that its session follows. */
    SessionFollows of() {
        return of;
    }

    Session session() {
        return of.session();
    }

    Followers followers() {
        return followers;
    }

    String topic() {
        return followers.topic();
    }

    int at() {
        return at;
    }

    void at(int index) {
        at = index;
    }

    boolean isByBackEnd() {
        return byBackEnd;
    }

    void byBackEnd(boolean is) {
        byBackEnd = is;
    }

    boolean isOpen() {
        return open;
    }

    /** Its session has ended, or follows the topic no longer. */
    boolean isGone() {
        return gone;
    }

    void gone() {
        gone = true;
    }

    long sent() {
        return sent;
    }

    /** Until it has a position, where it began to follow. */
    long acked() {
        return acked;
    }

    /**
     * It goes on behind this offset, and tells the client so. A read is due: somebody may have published before this was there.
     *
     * @param named the offset that its client named; null: none
     */
    void open(TopicLogs.Position position, @Nullable Long named) {
        open(position.offset(), true);
        tellPlace();
    }

    final void open(long position, boolean readIsDue) {
        sent = position;
        acked = position;
        open = true;
        behind = readIsDue;
        read = null; // what that brings is behind another offset
    }

    /** Its client hears behind which offset it goes on. */
    final void tellPlace() {
        TopicFrames.tell(session(), TopicFrames.subscribed(session(), topic(), sent));
    }

    /** Of broadcasts: how far it may read because of the job that is sent; 0: as far as everybody may, and what is followed of its own accord. */
    long upto() {
        return 0;
    }

    /** How far a read finds what was told of. */
    long found(long upto) {
        return Long.MAX_VALUE;
    }

    /** How far it may be sent what is there. */
    long mayHave() {
        return Long.MAX_VALUE;
    }

    /** Of broadcasts: nobody is to be sent this one any more. */
    boolean isDropped(long offset) {
        return false;
    }

    /** Something may be in the log that nobody told of: a read is due, also after one that is under way. */
    void reread() {
        behind = true;
    }

    /** Writes what the hint brings if that keeps the order; otherwise remembers that there is something. True: it has been sent, now or before. */
    boolean take(TopicHint hint, long nowMs) {
        return take(List.of(hint), nowMs) == 1;
    }

    /**
     * The same of several, in order of offset: what is behind one that cannot be sent is not, either.
     *
     * @return how many have been sent, now or before
     */
    int take(List<TopicHint> hints, long nowMs) {
        int taken = 0;
        boolean written = false;
        for (TopicHint hint : hints) {
            if (!open || hint.offset() > sent) {
                Message message = hint.message();
                if (message == null || mayMiss(hint) || !session().link().writable()) {
                    known = Math.max(known, hints.getLast().offset());
                    break;
                }
                write(hint.offset(), message, nowMs);
                written = true;
            }
            taken++;
        }
        if (written) {
            session().link().flush();
        }
        return taken;
    }

    private boolean mayMiss(TopicHint hint) {
        return !open || read != null || behind || hint.before() > sent;
    }

    /** What it is to be sent of what was collected: nothing, where something before it may be missing. */
    final MergedSlice due(MergedTopic topic) {
        int begin = topic.begin(sent);
        boolean may = open && read == null && !behind;
        return new MergedSlice(topic, begin, may ? topic.end(begin, sent, mayHave()) : begin);
    }

    /** It was sent that; what else was collected it reads, as far as it may have it. */
    void took(MergedSlice slice, boolean written) {
        if (written && slice.end() > slice.begin()) {
            sent = slice.lastOffset();
        }
        known = Math.max(known, Math.min(slice.topic().reachesTo(), mayHave()));
    }

    /** Whether a read is due: there is something to send, it could be sent, and it waits for none. */
    boolean wantsRead() {
        return open
                && read == null
                && !gone
                && (behind || known > sent)
                && session().link().writable();
    }

    /** It waits for this read, which has not begun. */
    void awaits(TopicRead next) {
        read = next;
    }

    /** It waits for no read any more, though there is something to read. */
    void putOff() {
        read = null;
        behind = true;
        of.oneWaits();
    }

    /** Whether it waits for this read still. */
    boolean awaitsStill(TopicRead one) {
        return read == one && !gone;
    }

    /** What was said so far is in what this read finds, or gone, as far as it may read. */
    final void readBegins(long upto) {
        behind = false;
        known = known > found(upto) ? known : 0;
    }

    /** A read is to bring something, sooner or later. */
    final boolean isToRead() {
        return read != null || wantsRead();
    }

    /**
     * Writes of a page what the link takes; what it does not is read again. Answers how many messages were written.
     *
     * @param together several in a frame
     */
    int read(TopicPage page, boolean together, long nowMs) {
        read = null;
        int written = 0;
        boolean whole = passGap(page);
        List<StoredMessage> left = whole ? due(page, nowMs) : List.of();
        while (whole && !left.isEmpty()) {
            whole = session().link().writable();
            if (whole) {
                int size = together ? page.part(left, topic()) : 1;
                write(left.subList(0, size), nowMs);
                written += size;
                left = left.subList(size, left.size());
            }
        }
        if (whole) {
            sent = Math.max(sent, page.upto());
        }
        behind |= !whole || page.more();
        session().link().flush();
        return written;
    }

    /** What has expired is passed over. */
    private List<StoredMessage> due(TopicPage page, long nowMs) {
        List<StoredMessage> due = new ArrayList<>(page.messages().size());
        for (StoredMessage stored : page.messages()) {
            if (stored.seq() > sent
                    && !isDropped(stored.seq())
                    && !stored.message().expired(nowMs)) {
                due.add(stored);
            }
        }
        return due;
    }

    private void write(List<StoredMessage> some, long nowMs) {
        StoredMessage last = some.getLast();
        sent = last.seq();
        if (some.size() == 1) {
            write(last.seq(), last.message(), nowMs);
        } else {
            session()
                    .link()
                    .write(followers.shared().part(followers, some, session().ref(), nowMs));
        }
    }

    /** Tells of what is gone before its time; false if the link does not take that. */
    private boolean passGap(TopicPage page) {
        if (page.gap() - 1 <= sent) {
            return true;
        }
        boolean may = session().link().writable();
        if (may) {
            session().link().write(TopicFrames.gap(session(), topic(), page.gap()));
            sent = page.gap() - 1;
        }
        return may;
    }

    /** Or passes it over, when it has expired. */
    private int write(long offset, Message message, long nowMs) {
        sent = offset;
        if (message.expired(nowMs)) {
            return 0;
        }
        int ref = session().ref();
        if (followers.size() > 1) {
            session().link().write(followers.shared().one(followers, offset, message, ref, nowMs));
        } else {
            session().link().write(PushFrames.ofTopic(ref, topic(), offset, message, nowMs));
        }
        return 1;
    }

    /** Takes a cumulative ack, an unsigned number, clamped to what was sent; true if it says something new. */
    boolean ack(long offset) {
        long upTo = Long.compareUnsigned(offset, sent) > 0 ? sent : offset;
        if (!open || upTo <= acked) {
            return false;
        }
        acked = upTo;
        return true;
    }
}
