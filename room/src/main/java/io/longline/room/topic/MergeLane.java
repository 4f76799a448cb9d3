package io.longline.room.topic;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The windows of one product and length, one after the other: the next one collects while what the one before it has is sent, and is sent when that is
 * over. On its loop.
 */
final class MergeLane {
    private final Merging merging;
    private final Merging.Lane name;
    private @Nullable MergeWindow open;
    private boolean due;
    private boolean walking;

    MergeLane(Merging merging, Merging.Lane name) {
        this.merging = merging;
        this.name = name;
    }

    Merging.Lane name() {
        return name;
    }

    /** How many bytes wait for the window to end. */
    int bytes() {
        return open == null ? 0 : open.bytes();
    }

    boolean isIdle() {
        return open == null && !walking;
    }

    void add(Followers of, TopicHint hint) {
        take(collecting(), of, hint);
        send();
    }

    /** The same for one alone, of those who follow broadcasts. */
    void add(BroadcastFollow follow, List<TopicHint> hints) {
        MergeWindow window = collecting();
        hints.forEach(hint -> take(window, follow.followers(), hint));
        window.let(follow);
        if (due && !walking) {
            merging.loop().execute(this::send); // others are let have the same before that
        }
    }

    private void take(MergeWindow window, Followers of, TopicHint hint) {
        int before = window.bytes();
        boolean endsNow = window.add(of, hint, merging.nowMs());
        due |= endsNow || window.isFull();
        merging.holds(of, this);
        if (window.bytes() != before) {
            merging.count();
        }
    }

    private MergeWindow collecting() {
        if (open == null) {
            MergeWindow opened = new MergeWindow(merging.nowMs() + name.windowMs());
            open = opened;
            merging.loop().later(Duration.ofMillis(name.windowMs()), () -> over(opened));
        }
        return open;
    }

    private void over(MergeWindow one) {
        if (one.equals(open)) {
            due = true;
            send();
        }
    }

    private void send() {
        MergeWindow ended = open;
        if (due && !walking && ended != null) {
            due = false;
            open = null;
            walking = true;
            ended.topics().forEach(topic -> {
                topic.over();
                merging.holdsNoMore(topic.followers());
            });
            merging.count();
            new MergeWalk(merging, ended, this::sent).goOn();
        }
    }

    private void sent() {
        walking = false;
        send();
        merging.lookWhetherIdle(this);
    }
}
