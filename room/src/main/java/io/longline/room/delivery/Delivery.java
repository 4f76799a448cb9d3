package io.longline.room.delivery;

import io.longline.room.RoomMetrics;
import io.longline.room.session.Hint;
import io.longline.room.session.HintOutcome;
import io.longline.room.session.Incarnation;
import io.longline.room.session.Message;
import io.longline.room.session.Place;
import io.longline.room.session.Session;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.ObjIntConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings hints to their sessions, each on the session's loop. */
public final class Delivery {
    private static final Logger log = LoggerFactory.getLogger(Delivery.class);

    private final Incarnation incarnation;
    private final List<RoomLoop> loops;
    private final Duration loadWait;
    private final LongSupplier nowMs;
    private final RoomMetrics metrics;

    /**
     * Delivers to the sessions of these loops.
     *
     * @param loops in the order of their index
     * @param loadWait how long a hint that needs a load is waited for; CONTRACT section 2
     */
    public Delivery(
            Incarnation incarnation, List<RoomLoop> loops, Duration loadWait, LongSupplier nowMs, RoomMetrics metrics) {
        this.incarnation = incarnation;
        this.loops = loops;
        this.loadWait = loadWait;
        this.nowMs = nowMs;
        this.metrics = metrics;
    }

    /**
     * Hands over a batch. Tells each outcome, with its place in the batch, as it is known, on the loop of the session; those
     * not known in time as queued. Blocks until all are told.
     */
    public void handOver(List<HandOver> batch, ObjIntConsumer<HintOutcome> tell) {
        Answers answers = new Answers(batch.size(), (outcome, i) -> {
            metrics.handedOver(outcome);
            tell.accept(outcome, i);
        });
        for (RoomLoop roomLoop : loops) {
            List<Integer> mine = new ArrayList<>();
            for (int i = 0; i < batch.size(); i++) {
                if (batch.get(i).place().loop() == roomLoop.loop().index()) {
                    mine.add(i);
                }
            }
            if (!mine.isEmpty()) {
                roomLoop.loop()
                        .execute(() -> mine.forEach(
                                i -> handOver(roomLoop, batch.get(i), outcome -> answers.give(i, outcome))));
            }
        }
        for (int i = 0; i < batch.size(); i++) {
            if (batch.get(i).place().loop() >= loops.size()) {
                answers.give(i, HintOutcome.STALE); // of an earlier start, with more loops
            }
        }
        answers.await(loadWait);
    }

    /** On the loop; answers now, or after a load. */
    void handOver(RoomLoop roomLoop, HandOver handOver, Consumer<HintOutcome> answer) {
        Session session = find(roomLoop, handOver);
        if (session == null) {
            answer.accept(HintOutcome.STALE);
            return;
        }
        HintOutcome outcome = session.lastHop().take(handOver.hint(), nowMs.getAsLong());
        logHint(session, handOver.hint(), outcome);
        switch (outcome) {
            case HintOutcome.AfterLoad _ -> {
                roomLoop.reader().level(session);
                session.lastHop().afterLoad(handOver.hint().seq(), answer);
            }
            case HintOutcome.Written _ -> {
                session.link().flush();
                answer.accept(outcome);
            }
            case HintOutcome.Queued _ -> {
                roomLoop.forwarder().dueIfDropped(session);
                answer.accept(outcome);
            }
            case HintOutcome.Stale _, HintOutcome.Refused _ -> answer.accept(outcome);
        }
    }

    /** A hint without its message has no id here: the load that brings it tells. */
    private static void logHint(Session session, Hint hint, HintOutcome outcome) {
        if (log.isDebugEnabled()) {
            Message message = hint.message();
            log.debug(
                    "hint message_id={} endpoint={} seq={} outcome={}",
                    message == null ? "" : message.id(),
                    session.endpoint(),
                    hint.seq(),
                    outcome);
        }
    }

    private @Nullable Session find(RoomLoop roomLoop, HandOver handOver) {
        Place place = handOver.place();
        if (!incarnation.is(place)) {
            return null;
        }
        Session session = roomLoop.sessions().find(place.slot(), place.slotGeneration());
        return session != null && session.accepts(handOver.generation()) ? session : null;
    }
}
