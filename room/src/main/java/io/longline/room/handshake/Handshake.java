package io.longline.room.handshake;

import io.longline.frames.CloseCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.pool.BoundedPool;
import io.longline.keeper.product.Products;
import io.longline.room.delivery.Inboxes;
import io.longline.room.session.Incarnation;
import io.longline.room.transport.Ending;
import java.util.List;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The way of a bind, from top to bottom. */
public final class Handshake {
    private static final Logger log = LoggerFactory.getLogger(Handshake.class);

    private final BoundedPool pool;
    private final List<HandshakeStep> steps;

    /**
     * All steps in their order.
     *
     * @param pool rejects what is beyond its bound
     */
    public Handshake(
            BoundedPool pool, Products products, Incarnation incarnation, Clients clients, LongSupplier nowMs) {
        this.pool = pool;
        this.steps = List.of(
                new TokenStep(products, nowMs),
                new PlaceStep(),
                new RouteStep(clients.register(), incarnation),
                new OpenStep(clients.inboxes()));
    }

    /** Whom the handshake asks. */
    public record Clients(RegisterClient register, Inboxes inboxes) {}

    /**
     * Takes the batch through all steps on another thread, then runs {@code done} on the link's loop; each attempt is then
     * refused, or ready to go live. False if too many handshakes are under way: nothing happens.
     */
    public boolean begin(BindBatch batch, Runnable done) {
        try {
            return pool.run(() -> {
                run(batch);
                batch.sessions().link().loop().execute(done);
            });
        } catch (LonglineException _) {
            return false;
        }
    }

    private void run(BindBatch batch) {
        try {
            for (HandshakeStep step : steps) {
                if (batch.linkEnding() == null) {
                    step.take(batch);
                }
            }
            Ending linkEnding = batch.linkEnding();
            if (linkEnding != null) {
                batch.toBeBound().forEach(attempt -> attempt.refuse(linkEnding));
            }
        } catch (RuntimeException e) {
            log.error("a handshake failed remote={}", batch.sessions().link().remote(), e);
            batch.toBeBound().forEach(attempt -> attempt.refuse(Ending.of(CloseCode.OVERLOADED, "internal error")));
        }
    }
}
