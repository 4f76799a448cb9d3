package io.longline.center.message;

import io.longline.center.push.Push;
import io.longline.center.result.Status;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.rpc.Deadline;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits for the acks of a message, as long as its {@code wait_ms} says, by looking again and again at {@link AckPace}. */
public final class AckWait {
    private static final Logger log = LoggerFactory.getLogger(AckWait.class);
    /** For a look that is under way when the time is over. */
    private static final Duration LAST_LOOK = Duration.ofMillis(100);

    private final MessageClient messages;
    private final AckPace pace = new AckPace();

    public AckWait(MessageClient messages) {
        this.messages = messages;
    }

    /** The answer as it is when every copy has come to its end, or when the time is over. */
    public MessageAnswer await(Push push, MessageAnswer sent) {
        Duration wait = push.options().ackWait();
        Deadline end = Deadline.after(wait);
        Deadline lastLook = Deadline.after(wait.plus(LAST_LOOK));
        MessageAnswer answer = sent;
        boolean written = sent.status() == Status.WRITTEN;
        Duration pause = written ? pace.first() : pace.longest();
        for (int looks = 0; push.options().qos() == 1 && !answer.isFinal() && !end.passed(); looks++) {
            if (!sleep(pause, end)) {
                return answer;
            }
            answer = answer.advancedBy(look(push, answer, lastLook));
            pause = written && looks == 0 ? pace.second() : pace.after(pause);
        }
        if (written && answer.status() == Status.ACKED) {
            pace.acked(wait.minusNanos(end.remainingNanos()));
        }
        return answer;
    }

    /** A look that fails is no news: the push itself was answered. */
    private MessageAnswer look(Push push, MessageAnswer known, Deadline deadline) {
        try {
            return messages.look(push.product(), push.messageId(), deadline);
        } catch (LonglineException e) {
            log.debug("look failed message_id={} error={}", push.messageId(), e.getMessage());
            return known;
        }
    }

    /** False if the process is stopping. */
    private static boolean sleep(Duration pause, Deadline end) {
        try {
            Thread.sleep(Math.min(pause.toMillis(), end.remainingMillis()));
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
