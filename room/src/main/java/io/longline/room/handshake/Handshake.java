package io.longline.room.handshake;

import io.longline.frames.CloseCode;
import io.longline.keeper.pool.QueuedPool;
import io.longline.keeper.product.Products;
import io.longline.room.delivery.Inboxes;
import io.longline.room.session.Incarnation;
import io.longline.room.session.Refills;
import io.longline.room.transport.Ending;
import java.util.List;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The way of a bind, from top to bottom. */
public final class Handshake {
    private static final Logger log = LoggerFactory.getLogger(Handshake.class);

    private static final long OVERLOADED_RETRY_MS = 1_000;

    private final QueuedPool pool;
    private final RegisterClient register;
    private final RouteStep route;
    private final List<HandshakeStep> steps;
    private final List<HandshakeStep> fromRoute;

    /**
     * All steps in their order.
     *
     * @param pool where handshakes wait for their turn
     */
    public Handshake(QueuedPool pool, Products products, Incarnation incarnation, Clients clients, LongSupplier nowMs) {
        this.pool = pool;
        this.register = clients.register();
        this.route = new RouteStep(clients.register(), incarnation, clients.refills());
        this.fromRoute = List.of(route, new OpenStep(clients.inboxes()));
        this.steps = List.of(
                new TokenStep(products, nowMs),
                new AbuseStep(clients.abusers()),
                new PlaceStep(clients.maxSessions()),
                fromRoute.getFirst(),
                fromRoute.getLast());
    }

    /** Whom the handshake asks, what it has to know of who asks us, who is not bound, and how many sessions a link may have. */
    public record Clients(
            RegisterClient register, Inboxes inboxes, Refills refills, Abusers abusers, int maxSessions) {}

    /**
     * Takes the batch through all steps on another thread, then runs {@code done} on the link's loop; each attempt is then
     * refused, or ready to go live. False if too many handshakes are under way or wait: nothing happens.
     */
    public boolean begin(BindBatch batch, Runnable done) {
        return begin(steps, batch, done);
    }

    private boolean begin(List<HandshakeStep> what, BindBatch batch, Runnable done) {
        return pool.run(
                () -> {
                    batch.begin(register.deadline());
                    run(what, batch);
                    batch.sessions().link().loop().execute(() -> finish(batch, done));
                },
                () -> {
                    batch.refuse(Ending.of(CloseCode.OVERLOADED).retryAfter(OVERLOADED_RETRY_MS));
                    batch.sessions().link().loop().execute(done);
                });
    }

    /** On the loop: between this look and the sessions going live nobody asks for them. */
    private void finish(BindBatch batch, Runnable done) {
        if (route.mayBeLost(batch)) {
            if (begin(fromRoute, batch, done)) {
                return;
            }
            batch.refuse(Ending.of(CloseCode.OVERLOADED));
        }
        done.run();
    }

    private void run(List<HandshakeStep> what, BindBatch batch) {
        try {
            for (HandshakeStep step : what) {
                if (batch.linkEnding() == null) {
                    step.take(batch);
                }
            }
            Ending linkEnding = batch.linkEnding();
            if (linkEnding != null) {
                batch.refuse(linkEnding);
            }
        } catch (RuntimeException e) {
            log.error("a handshake failed remote={}", batch.sessions().link().remote(), e);
            batch.refuse(Ending.of(CloseCode.OVERLOADED, "internal error"));
        }
    }
}
