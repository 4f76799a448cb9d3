package io.longline.center.broadcastrun;

import io.longline.center.job.BroadcastProgress;
import io.longline.center.job.RoomProgress;
import io.longline.center.job.TakenJob;
import io.longline.keeper.discovery.Node;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.rpc.Peer;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;

/**
 * The rooms of a broadcast: what they are asked, and what they have answered. A room is asked again when it has answered, or its time for
 * that is over, so it has one request at a time and one which is slow holds up no other. Used by one thread.
 */
final class Rooms {
    private final BroadcastClient client;
    private final TakenJob taken;
    private final LogEntry entry;
    private final Shares<Peer> shares = new Shares<>(System::nanoTime);
    private final Counts counts;
    private final Leavers leavers = new Leavers(System::nanoTime);
    private final Set<Peer> underWay = new HashSet<>();
    /** At most one of each room. */
    private final BlockingQueue<Answer> answers = new LinkedBlockingQueue<>();

    private List<Behind.One> behind = List.of();
    private boolean mixed;
    private int canaryPermille;
    private long number;

    Rooms(BroadcastClient client, TakenJob taken, LogEntry entry) {
        this.client = client;
        this.taken = taken;
        this.entry = entry;
        this.counts = new Counts(taken.broadcast());
        counts.offset(entry.offset());
        if (taken.isTakenOver()) {
            leavers.left();
        }
    }

    private record Answer(Peer room, Ask ask, List<Behind.One> behind, Optional<Counted> counted) {}

    LogEntry entry() {
        return entry;
    }

    /** Whether one has answered that does not send several together. */
    boolean isMixed() {
        return mixed;
    }

    /** Whether each room that is there is known to send several together. */
    boolean allMerge() {
        return !mixed && client.allMerge();
    }

    /** Those are sent with it from now on; who is left is not known until rooms have answered for those. */
    void behind(List<Behind.One> ones) {
        if (!behind.equals(ones)) {
            behind = List.copyOf(ones);
            shares.forgetLeft();
        }
    }

    /** How far everybody may read who may have all of it. */
    long upTo() {
        return behind.isEmpty() ? entry.offset() : behind.getLast().entry().offset();
    }

    /** One that was sent with it reaches nobody any more. Nobody waits for that. */
    void drop(Behind.One one) {
        behind(behind.stream().filter(other -> !other.equals(one)).toList());
        Ask ask = new Ask(Wish.DROP, 0, 0, ++number);
        Deadline deadline = Deadline.after(Shares.CALL);
        for (Peer room : client.rooms()) {
            var _ = client.ask(room, one.taken(), one.entry(), List.of(), ask, deadline);
        }
    }

    /** Somebody else may be sending for so long. */
    void othersSend(Duration time) {
        shares.othersSend(time);
    }

    /**
     * To send it.
     *
     * @param pacePerS all together; 0: nothing limits it
     * @param until who has not begun to look at it by then does not
     */
    void send(int canary, int pacePerS, Deadline until) {
        if (canary != canaryPermille) {
            canaryPermille = canary;
            shares.forgetLeft();
        }
        Set<Peer> members = Set.copyOf(client.rooms());
        List<Peer> free = free(members);
        Map<Peer, Integer> next = shares.next(pacePerS, members, free);
        ask(Wish.SEND, free, room -> next.getOrDefault(room, 0), until.atMost(Shares.CALL));
    }

    /** Something else than to send it. Who has just come is asked for the first one alone, until it has said that it sends several together. */
    void ask(Wish other) {
        ask(other, free(client.rooms()), _ -> 0, Deadline.after(Shares.CALL));
    }

    private List<Peer> free(Collection<Peer> members) {
        return members.stream().filter(room -> !underWay.contains(room)).toList();
    }

    private void ask(Wish wish, List<Peer> rooms, ToIntFunction<Peer> share, Deadline deadline) {
        for (Peer room : rooms) {
            int perS = share.applyAsInt(room);
            Wish its = wish == Wish.SEND && perS == 0 ? Wish.REST : wish;
            Ask ask = new Ask(its, canaryPermille, perS, ++number);
            shares.asked(room, ask.number(), perS);
            underWay.add(room);
            List<Behind.One> with = with(room, wish);
            var _ = client.ask(room, taken, entry, with, ask, deadline)
                    .thenAccept(counted -> answers.add(new Answer(room, ask, with, counted)));
        }
    }

    /** That it is over is said of all of them to everybody: a room that came a moment ago is to let them be read, too. */
    private List<Behind.One> with(Peer room, Wish wish) {
        boolean all = wish == Wish.OVER || (wish != Wish.DROP && client.merges(room));
        return all ? behind : List.of();
    }

    /** Takes answers until {@code atLeast} has passed and none is missing, or {@code atMost} has. False if the process is stopping. */
    boolean listen(Duration atLeast, Duration atMost) {
        Deadline least = Deadline.after(atLeast);
        Deadline most = Deadline.after(atMost);
        try {
            while (!most.passed() && !(least.passed() && underWay.isEmpty())) {
                long nanos = underWay.isEmpty() ? least.remainingNanos() : most.remainingNanos();
                Answer answer = answers.poll(nanos, TimeUnit.NANOSECONDS);
                if (answer != null) {
                    take(answer);
                }
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void take(Answer answer) {
        Peer room = answer.room;
        underWay.remove(room);
        if (answer.counted.isEmpty()) {
            shares.unanswered(room);
            return;
        }
        Counted counted = answer.counted.get();
        boolean knowsAll = counted.behind().size() == answer.behind.size();
        mixed |= !knowsAll || (!behind.isEmpty() && !client.merges(room));
        if (knowsAll && answer.behind.equals(behind) && answer.ask.canaryPermille() == canaryPermille) {
            shares.answered(room, answer.ask.number(), left(counted));
        } else {
            shares.answered(room, answer.ask.number());
        }
        long incarnation = counted.incarnation() == 0 ? room.node().incarnation() : counted.incarnation();
        String start = BroadcastProgress.room(room.node().instance(), incarnation);
        counts.answered(start, counted.progress());
        for (int i = 0; knowsAll && i < answer.behind.size(); i++) {
            answer.behind.get(i).counts().answered(start, counted.behind().get(i));
        }
        leavers.told(start, counted.progress());
    }

    private static long left(Counted counted) {
        return counted.behind().stream()
                .mapToLong(RoomProgress::left)
                .reduce(counted.progress().left(), Math::max);
    }

    /** Whether every room that is there has answered that nobody is left. */
    boolean isDone() {
        return shares.isDone(Set.copyOf(client.rooms()));
    }

    /** Whether some who left before they were sent it are likely to come back in a moment. */
    boolean awaitsLeavers() {
        return leavers.mayComeBack(members());
    }

    /** Whether none may be sending, nor was a second ago. */
    boolean isClear() {
        return shares.isClear();
    }

    /** How far it has come. */
    BroadcastProgress progress() {
        return counts.now(members());
    }

    /** The same of one that is sent with it, or was. */
    BroadcastProgress progress(Behind.One one) {
        return one.counts().now(members());
    }

    /** The same of all together. */
    Map<TakenJob, BroadcastProgress> allProgress() {
        Map<TakenJob, BroadcastProgress> all = new HashMap<>();
        all.put(taken, progress());
        behind.forEach(one -> all.put(one.taken(), progress(one)));
        return all;
    }

    /** The starts of rooms that are there. */
    private Set<String> members() {
        return client.rooms().stream().map(Peer::node).map(Rooms::name).collect(Collectors.toSet());
    }

    private static String name(Node room) {
        return BroadcastProgress.room(room.instance(), room.incarnation());
    }
}
