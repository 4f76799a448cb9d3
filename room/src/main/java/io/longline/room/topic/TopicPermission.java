package io.longline.room.topic;

import io.longline.keeper.product.Product;
import io.longline.keeper.product.Products;
import io.longline.keeper.product.TopicPattern;
import io.longline.room.session.Session;
import java.util.List;

/** What a client may follow of its own accord: what its token says, and what its product has open to all. Pure, and quick enough for a loop. */
public final class TopicPermission {
    private final Products products;

    public TopicPermission(Products products) {
        this.products = products;
    }

    boolean mayFollow(Session session, String topic) {
        return matchesAny(session.topicPatterns(), topic)
                || matchesAny(
                        products.find(session.endpoint().product())
                                .map(Product::openTopics)
                                .orElse(List.of()),
                        topic);
    }

    private static boolean matchesAny(List<String> patterns, String topic) {
        for (String pattern : patterns) {
            if (TopicPattern.matches(pattern, topic)) {
                return true;
            }
        }
        return false;
    }
}
