package io.longline.center.push;

import io.longline.keeper.error.LonglineException;
import java.util.List;

/**
 * A push to a list of targets, some of which may be no targets at all.
 *
 * @param push to those that are good, in the order of the entries
 * @param entries as they came
 */
public record Multicast(Push push, List<Entry> entries) {

    public Multicast {
        entries = List.copyOf(entries);
    }

    /** One of the list. */
    public sealed interface Entry {}

    /** It will be sent to. */
    public record Good(Target target) implements Entry {}

    /** It is wrong or stands there twice, and fails alone. */
    public record Wrong(LonglineException problem) implements Entry {}
}
