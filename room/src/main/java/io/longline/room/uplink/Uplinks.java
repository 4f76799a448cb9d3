package io.longline.room.uplink;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.id.Ids;
import io.longline.keeper.product.Product;
import io.longline.keeper.product.Products;
import io.longline.room.RoomMetrics;
import io.longline.room.session.Incarnation;
import io.longline.room.session.Session;
import io.longline.room.transport.Loop;
import io.longline.v1.ServerFrame;
import io.longline.v1.Uplink;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.IdentityHashMap;
import java.util.Optional;
import java.util.Queue;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The uplinks of one loop. Of a session one is under way at a time, so that they are kept in the order in which they came; where one fails
 * that may be repeated, those that wait behind it fail with it, for else they would overtake it. How many wait is the conversation's limit.
 */
public final class Uplinks {
    private static final Duration SWEEP = Duration.ofSeconds(10);

    private final Loop loop;
    private final Asked asked;
    private final LongSupplier nowMs;
    private final RoomMetrics metrics;
    /** What waits behind the one that is under way; a session without one is not here. */
    private final IdentityHashMap<Session, Queue<Waiting>> lanes = new IdentityHashMap<>();

    /** Whom all loops ask. */
    public record Asked(Products products, Coordinators coordinators, Incarnation incarnation, SessionRates rates) {}

    private record Waiting(Uplink uplink, Runnable ended) {}

    public Uplinks(Loop loop, Asked asked, LongSupplier nowMs, RoomMetrics metrics) {
        this.loop = loop;
        this.asked = asked;
        this.nowMs = nowMs;
        this.metrics = metrics;
        loop.every(SWEEP, () -> asked.rates.sweep(nowMs.getAsLong()));
    }

    /** How many sessions have one under way. */
    public int underWay() {
        return lanes.size();
    }

    /**
     * Answers by {@code uplink_ack} or {@code error}, at once or later.
     *
     * @param ended called once it is answered, or the session has ended
     * @return whether it is under way; false where it was refused at once
     */
    public boolean take(Session session, Uplink uplink, Runnable ended) {
        Optional<LonglineException> problem = problem(session, uplink);
        if (problem.isPresent()) {
            refuse(session, uplink, problem.get());
            ended.run();
            return false;
        }
        Queue<Waiting> lane = lanes.get(session);
        if (lane != null) {
            lane.add(new Waiting(uplink, ended));
        } else {
            lanes.put(session, new ArrayDeque<>(0));
            bring(session, new Waiting(uplink, ended));
        }
        return true;
    }

    private Optional<LonglineException> problem(Session session, Uplink uplink) {
        Optional<LonglineException> wrong = Ids.problem(uplink.getId())
                .map(problem -> LonglineException.invalid("id", problem))
                .or(() -> Ids.problem(uplink.getType()).map(problem -> LonglineException.invalid("type", problem)));
        if (wrong.isPresent()) {
            return wrong;
        }
        if (!uplink.hasText() && !uplink.hasData()) {
            return Optional.of(LonglineException.invalid("uplink", "expected text or data"));
        }
        Optional<Product> product = asked.products().find(session.endpoint().product());
        int most = product.map(Product::maxPayloadBytes).orElse(0);
        int size = uplink.hasText()
                ? uplink.getTextBytes().size()
                : uplink.getData().size();
        if (size > most) {
            return Optional.of(new LonglineException(
                    ErrorCode.PAYLOAD_TOO_LARGE, "the uplink has " + size + " bytes, expected at most " + most));
        }
        int perMinute = product.map(p -> p.uplinks().sessionPerMinute()).orElse(0);
        long waitMs = asked.rates.ask(session.endpoint(), perMinute, nowMs.getAsLong());
        return waitMs == 0
                ? Optional.empty()
                : Optional.of(new LonglineException(
                                ErrorCode.USER_RATE_EXCEEDED, "the session is over " + perMinute + " uplinks a minute")
                        .retryAfter(Duration.ofMillis(waitMs)));
    }

    private void bring(Session session, Waiting next) {
        loop.whenDone(
                asked.coordinators().bring(session, asked.incarnation().placeOf(session), next.uplink),
                (_, error) -> brought(session, next, error));
    }

    private void brought(Session session, Waiting done, @Nullable Throwable error) {
        if (error == null) {
            metrics.uplinkTaken();
            write(session, UplinkFrames.ack(session, done.uplink.getId()));
        } else {
            refuse(session, done.uplink, error);
        }
        Queue<Waiting> lane = lanes.getOrDefault(session, new ArrayDeque<>(0));
        if (session.isEnded() || (error != null && UplinkFrames.mayBeRepeated(error))) {
            for (Waiting behind = lane.poll(); behind != null; behind = lane.poll()) {
                if (error != null) {
                    refuse(session, behind.uplink, error);
                }
                behind.ended.run();
            }
        }
        Waiting next = lane.poll();
        if (next == null) {
            lanes.remove(session);
        } else {
            bring(session, next);
        }
        done.ended.run();
    }

    private void refuse(Session session, Uplink uplink, Throwable why) {
        metrics.uplinkRefused();
        write(session, UplinkFrames.error(session, uplink.getId(), why));
    }

    private static void write(Session session, ServerFrame frame) {
        if (!session.isEnded()) {
            session.link().write(frame);
            session.link().flush();
        }
    }
}
