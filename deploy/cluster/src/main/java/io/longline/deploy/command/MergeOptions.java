package io.longline.deploy.command;

import io.longline.keeper.error.LonglineException;
import io.longline.keeper.product.MergeWindows;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say for how long rooms collect what is due to a session. */
final class MergeOptions {
    /** In the place of a number: the topic is to have no entry of its own. */
    private static final String NO_ENTRY = "product";

    @Option(
            names = "--merge-window-ms",
            paramLabel = "N",
            description = "For how long messages of topics and broadcasts are collected, to go to a session as one"
                    + " frame; 0: each goes at once. 0 to 1000.")
    private @Nullable Integer windowMs;

    @Option(
            names = "--merge-topic",
            paramLabel = "PATTERN=N",
            description = "The same of topics that the pattern names, * in it stands for any characters; product in the"
                    + " place of the number: as the product's again. Repeatable.")
    private @Nullable Map<String, String> topics;

    boolean areNone() {
        return windowMs == null && topics == null;
    }

    /** What becomes of these windows. */
    MergeWindows of(MergeWindows before) {
        MergeWindows after = windowMs == null ? before : before.withWindowMs(windowMs);
        if (topics != null) {
            for (Map.Entry<String, String> topic : topics.entrySet()) {
                after = after.with(topic.getKey(), number(topic.getKey(), topic.getValue()));
            }
        }
        return after;
    }

    private static @Nullable Integer number(String pattern, String text) {
        if (text.equals(NO_ENTRY)) {
            return null;
        }
        try {
            return Integer.valueOf(text);
        } catch (NumberFormatException e) {
            throw LonglineException.invalid(
                    "merge.topics." + pattern, "is " + text + ", expected milliseconds, 0 to 1000, or " + NO_ENTRY);
        }
    }
}
