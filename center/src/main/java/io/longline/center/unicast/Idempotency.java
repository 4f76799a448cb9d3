package io.longline.center.unicast;

import io.longline.center.message.MessageAnswer;
import io.longline.center.message.MessageClient;
import io.longline.center.push.Push;
import io.longline.keeper.rpc.Deadline;
import java.time.InstantSource;

/**
 * The layer before the flow that makes repeated ids harmless: claim first, with the body's hash; answer last. An id that was claimed but
 * never answered (center died, or another request is still at it) is run again, which changes nothing: saver refuses a second copy.
 */
public final class Idempotency {
    private final SaverClient saver;
    private final MessageClient messages;
    private final UnicastFlow flow;
    private final InstantSource clock;

    public Idempotency(SaverClient saver, MessageClient messages, UnicastFlow flow, InstantSource clock) {
        this.saver = saver;
        this.messages = messages;
        this.flow = flow;
        this.clock = clock;
    }

    /** @param replayed somebody had claimed the id before */
    record Answered(MessageAnswer answer, boolean replayed) {}

    Answered send(Push push, Deadline deadline) {
        if (!push.repeatable()) {
            return new Answered(flow.send(push, clock.millis(), deadline), false);
        }
        SaverClient.Claim claim = saver.claim(push, deadline);
        MessageAnswer answer = claim.recorded()
                ? messages.look(push.product(), push.messageId(), deadline)
                : flow.send(push, claim.claimedAtMs(), deadline);
        return new Answered(answer, !claim.isNew());
    }
}
