package io.longline.room.topic;

import io.longline.room.session.PushFrames;
import io.longline.room.session.Session;
import io.longline.room.transport.SharedFrame;
import io.longline.room.transport.Turn;
import io.longline.v1.Push;
import io.longline.v1.ServerFrame;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Brings what a window has collected to those who are due it, some at a time: to each session one frame, made once for all that are due the same. Who
 * cannot be sent all of it without a gap reads the rest. On its loop.
 */
final class MergeWalk {
    private static final Comparator<MergedSlice> IN_ORDER =
            Comparator.comparing(MergedSlice::topic, MergedTopic.IN_ORDER);

    private final Merging merging;
    private final MergeWindow window;
    private final List<MergedTopic> topics;
    private final int number;
    private final Runnable done;
    private int topic;
    private int next;

    /** What all are due who have the same ref and are equally far. */
    private record Due(int ref, List<MergedSlice> slices) {}

    /** @param done told when all were visited */
    MergeWalk(Merging merging, MergeWindow window, Runnable done) {
        this.merging = merging;
        this.window = window;
        this.topics = window.topics();
        this.number = merging.nextWalk();
        this.done = done;
        this.next = topics.getFirst().visits();
    }

    void goOn() {
        boolean over = true;
        try {
            over = isOver();
        } finally {
            if (over) {
                done.run(); // also where something went wrong: nobody else's messages wait for that
            }
        }
        if (!over) {
            merging.loop().afterOthers(this::goOn);
        }
    }

    /** After one more piece. */
    private boolean isOver() {
        long bytes = 0;
        for (int visited = 0; topic < topics.size() && visited < Turn.VISITS && bytes < Turn.BYTES; visited++) {
            next = Math.min(next, topics.get(topic).visits());
            if (next > 0) {
                bytes += visit(topics.get(topic).visited(--next).of());
            } else {
                topic++;
                next = topic < topics.size() ? topics.get(topic).visits() : 0;
            }
        }
        return topic == topics.size();
    }

    /** Answers how many bytes were written, about. */
    private int visit(SessionFollows of) {
        if (!of.isFirstVisit(number)) {
            return 0;
        }
        List<Follow> follows = new ArrayList<>(1);
        List<MergedSlice> slices = new ArrayList<>(1);
        for (Follow follow : of.all()) {
            MergedTopic found = follow.isGone() ? null : window.find(follow.followers());
            if (found != null) {
                slices.add(follow.due(found));
                follows.add(follow);
            }
        }
        int written = write(of.session(), due(slices));
        for (int i = 0; i < follows.size(); i++) {
            follows.get(i).took(slices.get(i), written >= 0);
            merging.reader().level(follows.get(i));
        }
        return Math.max(0, written);
    }

    /** Those with something in them, in an order that is the same for all. */
    private static List<MergedSlice> due(List<MergedSlice> slices) {
        List<MergedSlice> due = new ArrayList<>(slices.size());
        for (MergedSlice slice : slices) {
            if (slice.end() > slice.begin()) {
                due.add(slice);
            }
        }
        due.sort(IN_ORDER);
        return due;
    }

    /** Less than 0: its link does not take it. */
    private int write(Session session, List<MergedSlice> due) {
        if (due.isEmpty()) {
            return 0;
        }
        if (!session.link().writable()) {
            return -1;
        }
        long nowMs = merging.nowMs();
        int ref = session.ref();
        SharedFrame shared = merging.shared().of(new Due(ref, due), nowMs, () -> frame(ref, due, nowMs));
        ServerFrame frame = shared.frame();
        if (frame.getKindCase() == ServerFrame.KindCase.KIND_NOT_SET) {
            return 0;
        }
        session.link().write(shared);
        session.link().flush();
        merging.metrics()
                .topicWrittenMerged(frame.hasPushes() ? frame.getPushes().getItemsCount() : 1);
        return frame.getSerializedSize();
    }

    /** With no kind where all of it has expired. */
    private static ServerFrame frame(int ref, List<MergedSlice> slices, long nowMs) {
        List<Push.Builder> items = new ArrayList<>();
        for (MergedSlice slice : slices) {
            MergedTopic of = slice.topic();
            for (int i = slice.begin(); i < slice.end(); i++) {
                if (!of.message(i).expired(nowMs) && !of.isDropped(i)) {
                    items.add(PushFrames.itemOfTopic(of.followers().topic(), of.offset(i), of.message(i), nowMs));
                }
            }
        }
        return items.isEmpty() ? ServerFrame.getDefaultInstance() : PushFrames.of(ref, items);
    }
}
