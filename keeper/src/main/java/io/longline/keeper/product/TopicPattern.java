package io.longline.keeper.product;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Patterns of topics, as products and client tokens have them. */
public final class TopicPattern {
    private TopicPattern() {}

    /**
     * The entry of a topic, of those by names and patterns. One that is the topic's name counts before patterns, and of patterns the one that says
     * most: the most characters but {@code *}, then the first in the order of the map.
     *
     * @return null: none is of that topic
     */
    static <V> @Nullable V entryOf(Map<String, V> entries, String topic) {
        V named = entries.get(topic);
        if (named != null && topic.indexOf('*') < 0) {
            return named;
        }
        Map.Entry<String, V> best = null;
        for (Map.Entry<String, V> entry : entries.entrySet()) {
            if (matches(entry.getKey(), topic) && (best == null || says(entry.getKey()) > says(best.getKey()))) {
                best = entry;
            }
        }
        return best == null ? null : best.getValue();
    }

    private static long says(String pattern) {
        return pattern.chars().filter(c -> c != '*').count();
    }

    /** Whether the pattern, in which {@code *} stands for any characters, also none, is all of the topic. */
    public static boolean matches(String pattern, String topic) {
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
