package io.longline.saver.topic;

import io.longline.keeper.product.LogBounds;
import io.longline.saver.endpoint.ProductPolicy;
import io.longline.saver.endpoint.Topic;

/** How much the log of each topic holds now: what its product says, within what this saver may. */
public final class TopicLimits {
    private final TopicConfig config;
    private final ProductPolicy products;

    public TopicLimits(TopicConfig config, ProductPolicy products) {
        this.config = config;
        this.products = products;
    }

    /** How many messages any log may hold. */
    public int mostMessages() {
        return config.messages();
    }

    public int messages(Topic topic) {
        int ofProduct = bounds(topic).messages();
        return ofProduct == 0 ? config.messages() : Math.min(ofProduct, config.messages());
    }

    /** That they take in Redis; the newest message stays however large it is. */
    public long bytes(Topic topic) {
        long ofProduct = bounds(topic).bytes();
        return ofProduct == 0 ? config.bytes() : Math.min(ofProduct, config.bytes());
    }

    private LogBounds bounds(Topic topic) {
        return products.topicLog(topic.product()).of(topic.name());
    }
}
