package io.longline.room.handshake;

import io.longline.room.session.Incarnation;
import io.longline.room.session.LinkSessions;
import io.longline.room.session.Place;
import io.longline.room.session.Session;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the register what network clients say they are on since they were bound: each live session is bound once more, at the place that it has.
 * A call that fails is not made again; the next one says it too. On the link's loop.
 */
public final class Networks {
    private static final Logger log = LoggerFactory.getLogger(Networks.class);

    private final RegisterClient register;
    private final Incarnation incarnation;
    private final Unbinder unbinder;

    public Networks(RegisterClient register, Incarnation incarnation, Unbinder unbinder) {
        this.register = register;
        this.incarnation = incarnation;
        this.unbinder = unbinder;
    }

    /** The client's network has changed. What changes while that is being told is told afterwards, the newest alone. */
    public void changed(LinkSessions sessions) {
        if (sessions.isNetworkBeingTold()) {
            return;
        }
        String network = sessions.network();
        CompletableFuture<?>[] calls = sessions.all().stream()
                .filter(session -> session.state() == Session.State.LIVE && !session.isRebinding())
                .map(this::tell)
                .toArray(CompletableFuture<?>[]::new);
        sessions.networkBeingTold(true);
        sessions.link().loop().whenDone(CompletableFuture.allOf(calls), (_, _) -> {
            sessions.networkBeingTold(false);
            if (!network.equals(sessions.network())) {
                changed(sessions);
            }
        });
    }

    /** Binds a live session once more, where it is, whether or not its network has changed. */
    public CompletableFuture<Rebound> tell(Session session) {
        Place place = incarnation.placeOf(session);
        CompletableFuture<Rebound> told = register.rebind(session, place, register.deadline());
        session.link().loop().whenDone(told, (_, error) -> {
            if (error != null) {
                log.debug("network not told endpoint={} error={}", session.endpoint(), error.getMessage());
            }
            if (session.isEnded()) {
                takeBack(session, place, error == null);
            }
        });
        return told;
    }

    /** It has ended since, and may have got its route again after it had given it back. */
    private void takeBack(Session session, Place place, boolean answered) {
        if (answered) {
            unbinder.leave(session.endpoint(), place, session.generation(), Parting.UNBOUND);
        } else {
            unbinder.leaveUnanswered(session.endpoint(), place, false);
        }
    }
}
