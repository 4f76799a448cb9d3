package io.longline.saver.job;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * How far a job has come.
 *
 * @param done targets, from the beginning of the list, that are dealt with
 * @param sent of these those it is stored for
 * @param copies in how many inboxes
 * @param skipped of these the others, by the reason
 */
record Progress(long done, long sent, long copies, SortedMap<String, Long> skipped) {

    Progress(long done, long sent, long copies, Map<String, Long> skipped) {
        this(done, sent, copies, new TreeMap<>(skipped));
    }

    /** {@code doubled=2 user_rate=1}, as it stands in the table. */
    String skippedText() {
        return skipped.entrySet().stream()
                .map(one -> one.getKey() + "=" + one.getValue())
                .collect(Collectors.joining(" "));
    }

    static Progress of(long done, long sent, long copies, String skippedText) {
        SortedMap<String, Long> skipped = new TreeMap<>();
        for (String one : skippedText.split(" ", -1)) {
            int equals = one.indexOf('=');
            if (equals > 0) {
                skipped.put(one.substring(0, equals), Long.parseLong(one.substring(equals + 1)));
            }
        }
        return new Progress(done, sent, copies, skipped);
    }
}
