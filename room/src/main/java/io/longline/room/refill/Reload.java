package io.longline.room.refill;

import io.longline.frames.CloseCode;
import io.longline.keeper.rpc.Deadline;
import io.longline.room.delivery.RoomLoop;
import io.longline.room.handshake.RegisterClient;
import io.longline.room.session.Incarnation;
import io.longline.room.session.Session;
import io.longline.room.topic.TopicLoop;
import io.longline.room.transport.Ending;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * After a register was told the sessions of some shards: has each of them load once, because hints were lost with its route. First it asks
 * whether the session has its endpoint still: where Redis lost a replacement before the older session was ended, that is done here, and
 * the older one is sent nothing any more. Where nobody has it, the session was not heard of yet, or is about to be ended for one that
 * came after it and has left: it is asked again, and bound anew where it stays so, which finds out.
 */
final class Reload {
    private static final Logger log = LoggerFactory.getLogger(Reload.class);
    private static final int CHUNK = 200;
    private static final Duration BETWEEN_CHUNKS = Duration.ofMillis(20); // 10,000 a second
    private static final Duration BEFORE_RETRY = Duration.ofSeconds(1);
    /** A register waits 60 s for rooms that do not tell their sessions, and says of nobody where he is before. */
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    /** A register that answers has the routes of all that were told to it, but for those that come just now. */
    private static final int MOST_ASKED = 4;

    private final Incarnation incarnation;
    private final List<RoomLoop> loops;
    private final List<TopicLoop> topics;
    private final RegisterClient register;
    private final Rebinding rebinding;
    /** Shards that are to be reloaded; also the lock of what is below. */
    private final Set<Integer> asked = new HashSet<>();

    private boolean running;

    Reload(
            Incarnation incarnation,
            List<RoomLoop> loops,
            List<TopicLoop> topics,
            RegisterClient register,
            Rebinding rebinding) {
        this.incarnation = incarnation;
        this.loops = loops;
        this.topics = topics;
        this.register = register;
        this.rebinding = rebinding;
    }

    /** Begins, in the background. What is asked for meanwhile is done together afterwards. */
    void begin(Set<Integer> shards) {
        synchronized (asked) {
            asked.addAll(shards);
            if (running) {
                return;
            }
            running = true;
        }
        Thread.ofVirtual().name("reload").start(this::run);
    }

    private void run() {
        for (Set<Integer> shards = next(); !shards.isEmpty(); shards = next()) {
            reload(shards);
        }
    }

    private Set<Integer> next() {
        synchronized (asked) {
            Set<Integer> shards = Set.copyOf(asked);
            asked.clear();
            running = !shards.isEmpty();
            return shards;
        }
    }

    private void reload(Set<Integer> shards) {
        Queue<Session> left = new ArrayDeque<>(sessions(shards));
        Map<Session, Integer> nobodys = new HashMap<>();
        Deadline patience = Deadline.after(PATIENCE);
        while (!left.isEmpty()) {
            List<Session> chunk = new ArrayList<>();
            while (chunk.size() < CHUNK && !left.isEmpty()) {
                chunk.add(left.remove());
            }
            List<Session> again = serve(chunk, nobodys, patience.passed());
            left.addAll(again);
            LockSupport.parkNanos((again.isEmpty() ? BETWEEN_CHUNKS : BEFORE_RETRY).toNanos());
        }
        bindAnew(nobodys);
    }

    /** Those whose endpoints nobody has, as often as it was asked. */
    private void bindAnew(Map<Session, Integer> nobodys) {
        long current = incarnation.current();
        List<Session> lost = nobodys.entrySet().stream()
                .filter(asked -> asked.getValue() >= MOST_ASKED)
                .map(Map.Entry::getKey)
                .filter(session -> session.link().loop().call(() -> begin(session)))
                .toList();
        if (!lost.isEmpty()) {
            log.warn("bind sessions anew that the register has lost sessions={}", lost.size());
            var _ = rebinding.bindAll(current, lost);
        }
    }

    private static boolean begin(Session session) {
        boolean live = session.state() == Session.State.LIVE && !session.bindUnderWay();
        if (live) {
            session.rebinding();
        }
        return live;
    }

    private List<Session> sessions(Set<Integer> shards) {
        List<Session> bound = new ArrayList<>();
        SessionWalk.overBound(loops, shards, session -> session, bound::add);
        return bound;
    }

    /**
     * Answers those of whom it is to be asked again.
     *
     * @param nobodys how often nobody had their endpoint
     * @param anyway where nobody can tell, they load all the same
     */
    private List<Session> serve(List<Session> chunk, Map<Session, Integer> nobodys, boolean anyway) {
        Deadline deadline = register.deadline();
        List<CompletableFuture<OptionalLong>> asked = chunk.stream()
                .map(session -> register.generation(session.endpoint(), deadline))
                .toList();
        List<Session> again = new ArrayList<>();
        for (int i = 0; i < chunk.size(); i++) {
            Session session = chunk.get(i);
            Optional<OptionalLong> generation = generation(session, asked.get(i));
            boolean nobody = generation.filter(OptionalLong::isEmpty).isPresent();
            if (!nobody && (generation.isPresent() || anyway)) {
                OptionalLong newest = generation.orElse(OptionalLong.empty());
                nobodys.remove(session);
                session.link().loop().execute(() -> settle(session, newest));
            } else if (session.isEnded()) { // as far as this thread can see
                nobodys.remove(session);
            } else if (!nobody || nobodys.merge(session, 1, Integer::sum) < MOST_ASKED) {
                again.add(session);
            }
        }
        return again;
    }

    /** Empty: nobody can tell; an empty one: nobody has the endpoint. */
    private static Optional<OptionalLong> generation(Session session, CompletableFuture<OptionalLong> asked) {
        try {
            return Optional.of(asked.join());
        } catch (CompletionException e) {
            log.debug("nobody tells who has the endpoint endpoint={} error={}", session.endpoint(), e.getMessage());
            return Optional.empty();
        }
    }

    /** @param generation of who has the endpoint, if anybody has it */
    private void settle(Session session, OptionalLong generation) {
        if (session.isEnded() || session.bindUnderWay()) {
            return;
        }
        if (generation.isPresent() && generation.getAsLong() > session.generation()) {
            boolean _ = session.owner().end(session, Ending.of(CloseCode.REPLACED));
            return;
        }
        session.lastHop().reload();
        int loop = session.link().loop().index();
        loops.get(loop).reader().level(session);
        topics.get(loop).refollow(session); // the register's word of a change may have been lost, too
    }
}
