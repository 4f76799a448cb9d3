package io.longline.center.unicast;

import io.longline.center.clock.StoreClock;
import io.longline.center.message.MessageAnswer;
import io.longline.center.message.MessageClient;
import io.longline.center.push.Push;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.rpc.Deadline;

/**
 * The layer before the flow that makes repeated ids harmless: claim first, with the body's hash; answer last. An id that was claimed but
 * never answered (center died, or another request is still at it) is run again, which changes nothing: saver refuses a second copy.
 */
public final class Idempotency {
    private final SaverClient saver;
    private final MessageClient messages;
    private final UnicastFlow flow;
    private final StoreClock clock;

    public Idempotency(SaverClient saver, MessageClient messages, UnicastFlow flow, StoreClock clock) {
        this.saver = saver;
        this.messages = messages;
        this.flow = flow;
        this.clock = clock;
    }

    /** @param replayed somebody had claimed the id before */
    record Answered(MessageAnswer answer, boolean replayed) {}

    /** All times are the store's, whatever the clock of this process says. */
    Answered send(Push push, Deadline deadline) {
        Expansion endpoints = flow.expand(push, deadline); // while the id is claimed
        if (!push.repeatable()) {
            return new Answered(flow.send(push, endpoints, sentAtMs(push, deadline), deadline), false);
        }
        SaverClient.Claim claim = saver.claim(push, deadline);
        if (claim.recorded()) {
            try {
                return new Answered(messages.look(push.product(), push.messageId(), deadline), true);
            } catch (LonglineException e) {
                if (e.code() != ErrorCode.MESSAGE_NOT_FOUND) {
                    throw e;
                }
                claim = saver.claim(push, deadline); // the record was lost with Redis since
            }
        }
        return new Answered(flow.send(push, endpoints, claim.claimedAtMs(), deadline), !claim.isNew());
    }

    /** What is not stored need not wait for the store's time. */
    private long sentAtMs(Push push, Deadline deadline) {
        return push.options().qos() == 0 ? clock.estimate() : clock.millis(deadline);
    }
}
