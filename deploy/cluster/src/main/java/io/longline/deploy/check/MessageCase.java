package io.longline.deploy.check;

import io.longline.deploy.check.history.EndpointId;
import io.longline.deploy.check.history.Event;
import io.longline.deploy.check.history.Sending;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What is known of one message that is not finally judged. */
final class MessageCase implements Traced {
    private static final int MOST_EVENTS = 200;

    final Sending send;
    final long firstBegun;

    /** From then on it may be stored somewhere: since its first attempt, or since it was due. */
    final long startsAt;

    /** The highest seq of this user's that was answered before it was first sent: its own is higher. */
    final long floor;

    /** Devices that were certainly known when it was first sent. */
    final Set<String> known;

    private final List<Event> events = new ArrayList<>();
    private final Map<String, Copy> copies = new LinkedHashMap<>();

    /** Attempts that are under way. */
    int open;

    /** Some attempt was not answered with success, and may have happened all the same. */
    boolean doubtful;

    /** Some attempt was refused, as its product or its user has had its share, and certainly did not happen. */
    boolean refused;

    /** When it was first answered with success; -1: never. */
    long successAt = -1;

    long lastAnswerAt;
    boolean over;

    /** Redis lost it before it was promised to be kept: it may be stored anew, with another seq. */
    boolean mayChange;

    /** Attempts to send another body under its id that were not answered, and may have taken it where its claim was lost. */
    int othersOpen;

    /** Its id was taken with another body, after what claimed it was lost. */
    boolean contradicted;

    /** Somebody asked for its recall, which may have happened: nobody is owed it from then on. */
    boolean recalled;

    /** It was still being sent when its recall was answered. */
    boolean mayComeAfterRecall;

    /** Of one that is sent later: when an answer named all the devices that it was sent to; -1: none did. */
    private long sentOutAt = -1;

    /** Of one that is sent later: how it ended before it was stored anywhere, as an answer told, and when. */
    @Nullable
    String unsentEnd;

    long unsentEndAt;

    /** Of one that is sent later: what kept it may have lost it, as it may be. */
    boolean mayBeLost;

    /** It was found waiting though nothing was in its way; it need not be said twice. */
    boolean stranded;

    /** All that was owed was given; kept for its history. */
    boolean judged;

    @Nullable
    String id;

    MessageCase(Sending send, long firstBegun, long floor, Set<String> known) {
        this.send = send;
        this.firstBegun = firstBegun;
        this.startsAt = send.later() == null
                ? firstBegun
                : Math.max(firstBegun, send.later().at());
        this.floor = floor;
        this.known = Set.copyOf(known);
        this.id = send.messageId();
    }

    @Override
    public int number() {
        return send.number();
    }

    @Override
    public long firstBegun() {
        return firstBegun;
    }

    @Override
    public List<Event> events() {
        return events;
    }

    /** Claims are in Redis alone: after its loss another body may be the first, also where it is not answered yet. */
    boolean mayBeOthers(FaultLog faults, long at) {
        return othersOpen > 0 && faults.lostRedisBetween(firstBegun, at);
    }

    /** What became of it at one device. */
    static final class Copy {
        final String device;
        long seq;

        /** An answer of success names this device. */
        boolean listed;

        /** It need not arrive: the device was forgotten, or what had it was lost as it may be. */
        boolean excused;

        /** When it was answered that the device was forgotten which this copy waited for; -1: never. */
        long forgottenAt = -1;

        long arrivedAt = -1;
        boolean handed;

        /** The final status that an answer told, and when. */
        @Nullable
        String end;

        long endAt;

        Copy(String device) {
            this.device = device;
        }

        /** What became of it until now was of another one. */
        void isAnew() {
            end = null;
            forgottenAt = -1;
        }

        /** It must still arrive. */
        private boolean isOwed() {
            return listed && !excused && end == null && arrivedAt < 0;
        }

        private boolean isOver(EndpointCase endpoint) {
            boolean taken = handed || (seq > 0 && seq <= endpoint.taken());
            return !listed || excused || end != null || (arrivedAt >= 0 && taken);
        }
    }

    void note(Event event) {
        if (events.size() < MOST_EVENTS) {
            events.add(event);
        }
    }

    Copy copy(String device) {
        return copies.computeIfAbsent(device, Copy::new);
    }

    Stream<Copy> copies() {
        return copies.values().stream();
    }

    /** It was stored for whichever device comes first. */
    boolean mayMove() {
        return copies.containsKey(EndpointId.DEFAULT_DEVICE) || EndpointId.DEFAULT_DEVICE.equals(send.device());
    }

    boolean isAnswered() {
        return successAt >= 0;
    }

    /** Every attempt to send it was answered with success: none is under way, or was given up and may happen later. */
    boolean isSettled() {
        return isAnswered() && open == 0 && othersOpen == 0 && !doubtful;
    }

    /** Whether some attempt may have been more than refused. */
    boolean mayBeSent() {
        return isAnswered() || open > 0 || doubtful || contradicted || othersOpen > 0;
    }

    /** Of one that is sent later: nobody has said yet to whom it was sent, or what kept it from that. */
    boolean isUntold() {
        return send.later() != null && send.isStored() && isAnswered() && !isSentOut() && unsentEnd == null;
    }

    void sentOut(long at) {
        sentOutAt = isSentOut() ? sentOutAt : at;
    }

    boolean isSentOut() {
        return sentOutAt >= 0;
    }

    /** By then whatever keeps it now had it: what waits until it is due, and an inbox afterwards. */
    long keptSince(long now) {
        if (send.later() == null || now < startsAt) {
            return successAt;
        }
        return isSentOut() ? sentOutAt : now;
    }

    /** Whether it came to a device that no answer names, though answers name all, and no attempt can explain. */
    boolean wentAstray(Account account) {
        return isAnswered()
                && !isUntold()
                && !doubtful
                && !contradicted
                && othersOpen == 0
                && send.isStored()
                && !send.ofJob()
                && !mayMove()
                && copies().anyMatch(copy ->
                        copy.arrivedAt >= 0 && !copy.listed && !account.mayForget(copy.device, startsAt));
    }

    /** From here on it certainly is no longer to be delivered; never, while it is still being sent. */
    long expiresAt() {
        return open > 0
                ? Long.MAX_VALUE / 2
                : Math.max(lastAnswerAt, startsAt) + send.ttl().toNanos();
    }

    /** Whether it could have expired by then. */
    boolean mayHaveExpired(long now) {
        return now - startsAt >= send.ttl().toNanos();
    }

    /** It must still arrive there. What was stored for whichever device comes first is owed to one of them. */
    boolean owes(Copy copy) {
        return copy.isOwed() && !recalled && !(mayMove() && hasArrived());
    }

    boolean hasArrived() {
        return copies().anyMatch(copy -> copy.arrivedAt >= 0);
    }

    /** Whether all that could be owed is owed no more; who knows nothing of success is waited for a while. */
    boolean isOver(long now, Account account, long patience) {
        if (!over || open > 0) {
            return false;
        }
        if (!isAnswered()) {
            return now > lastAnswerAt + patience;
        }
        return now > expiresAt() + patience
                || (recalled && now > Math.max(lastAnswerAt, startsAt) + patience)
                || (!isUntold() && copies().allMatch(copy -> copy.isOver(account.endpoint(copy.device))))
                || (mayMove() && hasArrived());
    }
}
