package io.longline.room.topic;

/** Those of the messages that a window has of a topic that are due to somebody. */
record MergedSlice(MergedTopic topic, int begin, int end) {

    long lastOffset() {
        return topic.offset(end - 1);
    }
}
