package io.longline.deploy.check.client;

import io.longline.deploy.check.history.EndpointId;
import java.util.List;

/** One bind, as it is said. */
record Wish(int ref, EndpointId endpoint, String token, long seq, List<TopicPlace> topics) {

    Wish {
        topics = List.copyOf(topics);
    }

    /** One that says nothing of topics. */
    Wish(int ref, EndpointId endpoint, String token, long seq) {
        this(ref, endpoint, token, seq, List.of());
    }

    /** The same under a ref. */
    Wish as(int otherRef) {
        return new Wish(otherRef, endpoint, token, seq, topics);
    }
}
