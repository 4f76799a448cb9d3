package io.longline.room.topic;

import io.longline.keeper.product.Product;
import io.longline.keeper.product.Products;
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
            if (matches(pattern, topic)) {
                return true;
            }
        }
        return false;
    }

    /** Whether the pattern, in which {@code *} stands for any characters, also none, is all of the topic. */
    static boolean matches(String pattern, String topic) {
        int p = 0;
        int t = 0;
        int star = -1; // the last one seen
        int taken = 0; // what it stands for ends here
        while (t < topic.length()) {
            if (p < pattern.length() && pattern.charAt(p) == '*') {
                star = p++;
                taken = t;
            } else if (p < pattern.length() && pattern.charAt(p) == topic.charAt(t)) {
                p++;
                t++;
            } else if (star >= 0) {
                p = star + 1;
                t = ++taken;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '*') {
            p++;
        }
        return p == pattern.length();
    }
}
