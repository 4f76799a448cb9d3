package io.longline.keeper.product;

/** Patterns of topics, as products and client tokens have them. */
public final class TopicPattern {
    private TopicPattern() {}

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
