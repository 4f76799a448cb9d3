package io.longline.deploy.check;

import io.longline.deploy.check.history.EndpointId;
import io.longline.deploy.check.history.Event;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is known of one message in the log of a topic, of those that everybody follows or of others, that is not finally judged. */
abstract sealed class LogCase implements Traced permits BroadcastCase, TopicCase {

    /** The highest offset of its topic that anybody told before it was first sent: its own is higher. */
    final long floor;

    /** Where it came to, over a link or from the SDK. */
    final Set<EndpointId> arrived = new HashSet<>();

    private final int number;
    private final long firstBegun;
    private final int mostEvents;
    private final List<Event> events = new ArrayList<>();

    /** Attempts that are under way. */
    int open;

    /** When it was first answered with success; -1: never. */
    long successAt = -1;

    long lastAnswerAt;
    boolean over;

    /** 0: nobody told it yet. */
    long offset;

    /** Redis lost it before it was promised to be kept, so that it may be published anew, with another offset; or it was said that it was. */
    boolean mayChange;

    /** Redis alone had it, and lost it as it may. */
    boolean mayBeLost;

    /** It was found waiting though nothing was in its way; it need not be said twice. */
    boolean stranded;

    /** All that was owed was given; kept for its history. */
    boolean judged;

    @Nullable
    String id;

    /** @param mostEvents of its history that are kept */
    LogCase(int number, @Nullable String id, long firstBegun, long floor, int mostEvents) {
        this.number = number;
        this.id = id;
        this.firstBegun = firstBegun;
        this.floor = floor;
        this.mostEvents = mostEvents;
    }

    final void note(Event event) {
        if (events.size() < mostEvents) {
            events.add(event);
        }
    }

    @Override
    public final int number() {
        return number;
    }

    @Override
    public final long firstBegun() {
        return firstBegun;
    }

    @Override
    public final List<Event> events() {
        return events;
    }

    final void arrives(EndpointId endpoint) {
        arrived.add(endpoint);
    }

    final boolean isAnswered() {
        return successAt >= 0;
    }
}
