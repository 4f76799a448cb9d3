package io.longline.saver.journal;

import io.longline.saver.endpoint.Endpoint;

/** An endpoint in a topic. */
record PassedTopic(Endpoint endpoint, String topic) {

    /** {@code product/user/device/topic}. */
    String text() {
        return endpoint.text() + "/" + topic;
    }
}
