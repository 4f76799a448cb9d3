package io.longline.room.handshake;

import io.longline.keeper.rpc.Deadline;
import io.longline.room.session.LinkSessions;
import io.longline.room.transport.Ending;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The binds of one {@code hello} or {@code bind} frame, which go through the handshake together. Used by one thread at a time. */
public final class BindBatch {
    private final LinkSessions sessions;
    private final @Nullable String device;
    private final String network;
    private final List<BindAttempt> attempts;
    private volatile Deadline deadline = Deadline.afterMillis(0);
    private @Nullable Ending linkEnding;

    /**
     * On the link's loop.
     *
     * @param device what {@code hello} said, if it did
     */
    public BindBatch(LinkSessions sessions, @Nullable String device, List<BindAttempt> attempts) {
        this.sessions = sessions;
        this.device = device;
        this.network = sessions.network();
        this.attempts = attempts;
    }

    /** It is its turn: until then it waits for what is away; DESIGN section 4. */
    void begin(Deadline until) {
        deadline = until;
    }

    /** The link cannot go on. */
    void endLink(Ending why) {
        linkEnding = why;
    }

    /** Why the link must end; null if it need not. */
    public @Nullable Ending linkEnding() {
        return linkEnding;
    }

    public List<BindAttempt> attempts() {
        return attempts;
    }

    List<BindAttempt> toBeBound() {
        return attempts.stream().filter(BindAttempt::toBeBound).toList();
    }

    /** All that are still to be bound. */
    void refuse(Ending why) {
        toBeBound().forEach(attempt -> attempt.refuse(why));
    }

    LinkSessions sessions() {
        return sessions;
    }

    @Nullable
    String device() {
        return device;
    }

    /** What the register is told; the client may have said another one since. */
    public String network() {
        return network;
    }

    Deadline deadline() {
        return deadline;
    }
}
