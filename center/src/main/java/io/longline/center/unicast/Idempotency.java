package io.longline.center.unicast;

import io.longline.center.clock.StoreClock;
import io.longline.center.message.MessageClient;
import io.longline.center.push.Push;
import io.longline.center.push.Target;
import io.longline.center.result.EndpointResult;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.rpc.Deadline;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The layer before the flow that makes repeated ids harmless: claim first, with the body's hash; answer last. An id that was claimed but
 * never answered (center died, or another request is still at it) is run again, which changes nothing: saver refuses a second copy.
 */
public final class Idempotency {
    private final SaverClient saver;
    private final MessageClient messages;
    private final PushFlow flow;
    private final StoreClock clock;

    public Idempotency(SaverClient saver, MessageClient messages, PushFlow flow, StoreClock clock) {
        this.saver = saver;
        this.messages = messages;
        this.flow = flow;
        this.clock = clock;
    }

    /**
     * What is answered.
     *
     * @param targets of the push, in their order
     * @param replayed somebody had claimed the id before
     */
    record Answered(List<TargetAnswer> targets, boolean replayed) {}

    /**
     * All times are the store's, whatever the clock of this process says.
     *
     * @param refused targets that it is not sent to now, with the reason
     */
    Answered send(Push push, Map<Target, LonglineException> refused, Deadline deadline) {
        List<Expansion> targets = flow.expand(push, refused, deadline); // while the id is claimed
        if (!push.repeatable()) {
            return new Answered(flow.send(push, targets, sentAtMs(push, deadline), deadline), false);
        }
        SaverClient.Claim claim = saver.claim(push, deadline);
        if (claim.recorded()) {
            Optional<List<TargetAnswer>> before = recorded(push, deadline);
            if (before.isPresent()) {
                return new Answered(completed(push, targets, before.get(), claim, deadline), true);
            }
            claim = saver.claim(push, deadline); // the record was lost with Redis since
        }
        return new Answered(flow.send(push, targets, claim.claimedAtMs(), deadline), !claim.isNew());
    }

    private Optional<List<TargetAnswer>> recorded(Push push, Deadline deadline) {
        try {
            List<EndpointResult> copies =
                    messages.look(push.product(), push.messageId(), deadline).results();
            return Optional.of(TargetAnswer.ofRecord(push.targets(), copies));
        } catch (LonglineException e) {
            if (e.code() != ErrorCode.MESSAGE_NOT_FOUND) {
                throw e;
            }
            return Optional.empty();
        }
    }

    /** Those of a list that failed the last time are sent to now. */
    private List<TargetAnswer> completed(
            Push push, List<Expansion> targets, List<TargetAnswer> before, SaverClient.Claim claim, Deadline deadline) {
        List<Integer> missing = IntStream.range(0, before.size())
                .filter(i -> before.get(i).results().isEmpty())
                .boxed()
                .toList();
        List<TargetAnswer> answers = new ArrayList<>(before);
        List<TargetAnswer> sent =
                flow.send(push, missing.stream().map(targets::get).toList(), claim.claimedAtMs(), deadline);
        for (int i = 0; i < missing.size(); i++) {
            answers.set(missing.get(i), sent.get(i));
        }
        return answers;
    }

    /** What is not stored need not wait for the store's time. */
    private long sentAtMs(Push push, Deadline deadline) {
        return push.options().qos() == 0 ? clock.estimate() : clock.millis(deadline);
    }
}
