package io.longline.center.topic;

import io.longline.center.CenterMetrics;
import io.longline.center.push.TopicPush;
import io.longline.center.quota.Admission;
import io.longline.center.traffic.Traffic;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.rpc.Peer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One message to a topic: let in, its id claimed, appended to the log, the rooms told. It is accepted when the log has it. An id that
 * was claimed before is run again, which changes nothing: saver appends no second copy, and none of what was recalled.
 */
public final class TopicFlow {
    private static final Logger log = LoggerFactory.getLogger(TopicFlow.class);
    private static final int TOO_MANY = 429;
    private static final Duration A_MOMENT = Duration.ofSeconds(10);
    /** Of an id that was made here. */
    private static final TopicClient.Claim NOBODYS = new TopicClient.Claim(true, false);
    /** For what nobody waits for. */
    private static final Duration BACKGROUND = Duration.ofSeconds(2);

    private final Admission admission;
    private final TopicClient topics;
    private final ReachClient rooms;
    private final Gathering gathering;
    private final Waits waits;
    private final Traffic traffic;
    private final CenterMetrics metrics;

    /**
     * How long is waited.
     *
     * @param appended until the log has it
     * @param reached for a room to visit all that follow the topic there
     * @param told of that, before the answer
     */
    public record Waits(Duration appended, Duration reached, Duration told) {}

    public TopicFlow(
            Admission admission,
            TopicClient topics,
            ReachClient rooms,
            Gathering gathering,
            Waits waits,
            Traffic traffic,
            CenterMetrics metrics) {
        this.admission = admission;
        this.topics = topics;
        this.rooms = rooms;
        this.gathering = gathering;
        this.waits = waits;
        this.traffic = traffic;
        this.metrics = metrics;
    }

    /**
     * The log has it.
     *
     * @param replayed somebody had claimed the id before
     */
    record Accepted(SendId id, boolean replayed) {}

    Accepted send(TopicPush push, String requestId) {
        long begin = System.nanoTime();
        Deadline deadline = Deadline.after(waits.appended);
        try {
            admit(push, deadline);
            TopicClient.Claim claim = push.idGiven() ? topics.claim(push, deadline) : NOBODYS;
            if (claim.recalled()) {
                long offset = topics.recall(push.product(), push.topic(), push.messageId(), deadline);
                return new Accepted(SendId.of(push.product(), push.topic(), offset), true);
            }
            boolean replayed = !claim.isNew();
            Published published = topics.publish(push, deadline);
            CompletableFuture<Boolean> recorded = record(push, published);
            CompletableFuture<Boolean> told = CompletableFuture.completedFuture(true);
            if (!published.repeated()) { // else its rooms are told, or the next round does it
                traffic.accepted(push.product(), 1);
                told = tell(push, published);
            }
            await(recorded.thenCombine(told, Boolean::logicalAnd));
            metrics.published(System.nanoTime() - begin);
            log.debug(
                    "published message_id={} product={} topic={} offset={} repeated={} request_id={}",
                    push.messageId(),
                    push.product(),
                    push.topic(),
                    published.offset(),
                    published.repeated(),
                    requestId);
            return new Accepted(SendId.of(push.product(), push.topic(), published.offset()), replayed);
        } catch (LonglineException e) {
            if (isRefusal(e)) {
                traffic.refused(push.product(), 1);
            }
            throw e;
        }
    }

    /**
     * Counts as one message, however many follow the topic. One that was taken before gets its answer where the limit stands for long, as
     * a push does.
     */
    private void admit(TopicPush push, Deadline deadline) {
        try {
            admission.admitOfProduct(push.product(), 1, deadline);
        } catch (LonglineException e) {
            if (!(isRefusal(e) && isForLong(e) && isRepeated(push, deadline))) {
                throw e;
            }
        }
    }

    private static boolean isRefusal(LonglineException error) {
        return error.code().http() == TOO_MANY;
    }

    private static boolean isForLong(LonglineException refusal) {
        return refusal.retryAfter().filter(time -> time.compareTo(A_MOMENT) > 0).isPresent();
    }

    private boolean isRepeated(TopicPush push, Deadline deadline) {
        try {
            return push.idGiven() && topics.isClaimed(push, deadline);
        } catch (LonglineException e) {
            if (e.code().retryable()) {
                return false; // nobody knows, and the limit stands
            }
            throw e;
        }
    }

    private CompletableFuture<Boolean> record(TopicPush push, Published published) {
        return topics.record(push, published, Deadline.after(BACKGROUND)).whenComplete((noted, _) -> {
            if (!Boolean.TRUE.equals(noted)) {
                metrics.recordLost();
            }
        });
    }

    /** Not for long: that goes on by itself. Of a copy: what was completed by the time-out would not be noted any more. */
    private void await(CompletableFuture<Boolean> done) {
        boolean _ = done.copy()
                .completeOnTimeout(false, waits.told.toMillis(), TimeUnit.MILLISECONDS)
                .join();
    }

    /** Done when all rooms have answered and saver has noted it; for what is held back for a moment nobody waits. */
    private CompletableFuture<Boolean> tell(TopicPush push, Published published) {
        TopicHint hint = new TopicHint(
                push.product(),
                push.topic(),
                published.offset(),
                published.before(),
                push.outgoing(published.sentAtMs()));
        Runnable telling = () -> {
            CompletableFuture<Boolean> _ = tell(hint);
        };
        return gathering.holds(push.product(), push.topic(), push.payload().size(), telling)
                ? CompletableFuture.completedFuture(true)
                : tell(hint);
    }

    private CompletableFuture<Boolean> tell(TopicHint hint) {
        Map<Peer, CompletableFuture<Optional<Reach>>> asked =
                rooms.tell(rooms.rooms(), hint, Deadline.after(waits.reached));
        return CompletableFuture.allOf(asked.values().toArray(CompletableFuture<?>[]::new))
                .thenCompose(_ -> note(hint, asked));
    }

    private CompletableFuture<Boolean> note(TopicHint hint, Map<Peer, CompletableFuture<Optional<Reach>>> asked) {
        Map<String, Reach> reached = new HashMap<>();
        asked.forEach((room, answer) ->
                answer.join().ifPresent(reach -> reached.put(room.node().instance(), reach)));
        return reached.isEmpty()
                ? CompletableFuture.completedFuture(true)
                : topics.told(hint.product(), hint.topic(), hint.offset(), reached, false, Deadline.after(BACKGROUND));
    }
}
