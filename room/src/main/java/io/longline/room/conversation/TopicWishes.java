package io.longline.room.conversation;

import io.longline.room.topic.TopicWish;
import io.longline.v1.Bind;
import io.longline.v1.Subscribe;
import io.longline.v1.TopicPosition;
import java.util.List;

/** What clients say of topics, in our words. */
final class TopicWishes {
    private static final long MAX_NUMBER = (1L << 53) - 1;

    private TopicWishes() {}

    static List<TopicWish> of(Bind bind) {
        return bind.getTopicsList().stream().map(TopicWishes::of).toList();
    }

    private static TopicWish of(TopicPosition position) {
        return new TopicWish(
                position.getTopic(),
                position.hasAfter() ? clamped(position.getAfter()) : null,
                null,
                position.getResume());
    }

    static TopicWish of(Subscribe subscribe) {
        return new TopicWish(
                subscribe.getTopic(),
                subscribe.hasAfter() ? clamped(subscribe.getAfter()) : null,
                subscribe.hasLast() ? clamped(subscribe.getLast()) : null);
    }

    /** An unsigned number of the client's; no seq and no offset is larger than what is left of it. */
    static long clamped(long number) {
        return Long.compareUnsigned(number, MAX_NUMBER) > 0 ? MAX_NUMBER : number;
    }

    private static int clamped(int number) {
        return number < 0 ? Integer.MAX_VALUE : number;
    }
}
