package io.longline.room.refill;

import io.longline.keeper.error.ErrorTranslator;
import io.longline.keeper.rpc.Deadline;
import io.longline.room.delivery.RoomLoop;
import io.longline.room.handshake.Parting;
import io.longline.room.handshake.Rebound;
import io.longline.room.handshake.RegisterClient;
import io.longline.room.handshake.Unbinder;
import io.longline.room.session.Incarnation;
import io.longline.room.session.Place;
import io.longline.room.session.Refills;
import io.longline.room.session.Session;
import io.longline.room.topic.Followed;
import io.longline.room.topic.TopicLoop;
import io.longline.room.transport.Ending;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Binds sessions anew that clients have already, at a bounded rate, each with a load. */
public final class Rebinding {
    private static final Logger log = LoggerFactory.getLogger(Rebinding.class);
    private static final int CHUNK = 200;
    private static final Duration BETWEEN_CHUNKS = Duration.ofMillis(100); // 2,000 a second
    private static final Duration BEFORE_RETRY = Duration.ofSeconds(1);

    private final Incarnation incarnation;
    private final List<RoomLoop> loops;
    private final List<TopicLoop> topics;
    private final RegisterClient register;
    private final Unbinder unbinder;
    private final Refills refills;

    public Rebinding(
            Incarnation incarnation,
            List<RoomLoop> loops,
            List<TopicLoop> topics,
            RegisterClient register,
            Unbinder unbinder,
            Refills refills) {
        this.incarnation = incarnation;
        this.loops = loops;
        this.topics = topics;
        this.register = register;
        this.unbinder = unbinder;
        this.refills = refills;
    }

    /** Binds one anew in the background; false where it has ended, or its bind is under way. On its loop. */
    public boolean begin(Session session) {
        if (session.state() != Session.State.LIVE || session.bindUnderWay()) {
            return false;
        }
        session.rebinding();
        long current = incarnation.current();
        Thread.ofVirtual().name("bind-anew").start(() -> {
            try {
                var _ = bindAll(current, List.of(session));
            } catch (RejectedExecutionException e) {
                log.debug("not bound anew, the room is closed endpoint={}", session.endpoint());
            }
        });
        return true;
    }

    /**
     * Until all of them are bound or have ended, or the room takes another incarnation: then all are bound anew for that.
     *
     * @param current the incarnation for which they are bound
     * @param sessions {@link Session#rebinding}
     * @return how many were left
     */
    int bindAll(long current, Collection<Session> sessions) {
        Queue<Session> left = new ArrayDeque<>(sessions);
        Set<Session> tried = Collections.newSetFromMap(new IdentityHashMap<>());
        while (!left.isEmpty() && incarnation.current() == current) {
            List<Session> chunk = new ArrayList<>();
            while (chunk.size() < CHUNK && !left.isEmpty()) {
                Session next = left.remove();
                if (!next.isEnded()) { // as far as this thread can see; its loop looks again
                    chunk.add(next);
                } else {
                    gone(next, tried.remove(next));
                }
            }
            List<Session> failed = bind(chunk);
            left.addAll(failed);
            tried.addAll(failed);
            LockSupport.parkNanos((failed.isEmpty() ? BETWEEN_CHUNKS : BEFORE_RETRY).toNanos());
        }
        left.forEach(session -> gone(session, true));
        return left.size();
    }

    /** Ended before it was bound anew. An attempt that failed for us may have come through. */
    private void gone(Session session, boolean tried) {
        session.link().loop().execute(() -> {
            if (session.isEnded()) {
                Place place = incarnation.placeOf(session);
                if (session.isToBeForgotten()) {
                    var _ = unbinder.forget(session.endpoint(), place, session.generation());
                }
                if (tried) {
                    unbinder.leaveUnanswered(session.endpoint(), place, session.isToBeForgotten());
                }
            }
        });
    }

    /** Answers those that are to be tried again. */
    private List<Session> bind(List<Session> chunk) {
        List<Place> places = chunk.stream().map(incarnation::placeOf).toList();
        List<Integer> refillsBefore =
                chunk.stream().map(session -> refills.count(session.endpoint())).toList();
        List<CompletableFuture<Rebound>> calls = new ArrayList<>();
        Deadline deadline = register.deadline();
        for (int i = 0; i < chunk.size(); i++) {
            calls.add(register.rebind(chunk.get(i), places.get(i), deadline));
        }
        List<Session> failed = new ArrayList<>();
        for (int i = 0; i < chunk.size(); i++) {
            Session session = chunk.get(i);
            Place place = places.get(i);
            try {
                Rebound outcome = calls.get(i).join();
                int before = refillsBefore.get(i);
                boolean stays = session.link().loop().call(() -> bound(session, place, outcome, before));
                if (!stays) {
                    failed.add(session);
                }
            } catch (CompletionException e) {
                log.debug(
                        "rebind failed endpoint={} code={}",
                        session.endpoint(),
                        ErrorTranslator.fromAny(e).code());
                failed.add(session);
            }
        }
        return failed;
    }

    /** False: it has to be bound once more. */
    private boolean bound(Session session, Place place, Rebound outcome, int refillsBefore) {
        return switch (outcome) {
            case Rebound.Lost(Ending ending) -> {
                session.owner().end(session, ending);
                yield true;
            }
            case Rebound.Kept kept -> kept(session, place, kept, refillsBefore);
        };
    }

    private boolean kept(Session session, Place place, Rebound.Kept kept, int refillsBefore) {
        if (session.isEnded()) {
            leave(session, place, kept.generation());
        } else if (incarnation.is(place)) { // otherwise the next rebind has it
            bound(session, kept.generation(), kept.followed());
            if (!session.isEnded() && refills.count(session.endpoint()) != refillsBefore) {
                session.rebinding(); // the register may have lost it again, and was not told of it
                return false;
            }
        }
        return true;
    }

    private void leave(Session session, Place place, long generation) {
        if (session.isToBeForgotten()) {
            var _ = unbinder.forget(session.endpoint(), place, generation);
        } else {
            unbinder.leave(session.endpoint(), place, generation, Parting.UNBOUND);
        }
    }

    private void bound(Session session, long generation, Followed followed) {
        session.rebound(generation);
        Ending overtaken = session.overtaken(generation);
        if (overtaken != null) {
            session.owner().end(session, overtaken);
        } else {
            int loop = session.link().loop().index();
            loops.get(loop).reader().level(session);
            topics.get(loop).rebound(session, followed);
        }
    }
}
