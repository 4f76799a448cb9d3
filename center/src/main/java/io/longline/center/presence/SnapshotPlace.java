package io.longline.center.presence;

import io.longline.keeper.error.LonglineException;
import io.longline.keeper.shard.Shards;
import java.math.BigInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where the next page of a snapshot begins.
 *
 * @param asOf up to which event the whole of it is true
 * @param cursor of the shard; empty: its beginning
 */
record SnapshotPlace(long asOf, int shard, String cursor) {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,16})\\.([0-9]{1,3})\\.([0-9]{0,20})");

    /** As a back end gives it back. */
    static SnapshotPlace read(String field, String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches() || !isCursor(form.group(3))) {
            throw LonglineException.invalid(field, "is " + text + ", expected what was next in the answer before");
        }
        return new SnapshotPlace(
                Long.parseLong(form.group(1)), Shards.require(field, Integer.parseInt(form.group(2))), form.group(3));
    }

    /** Redis has them in 64 bits without a sign. */
    private static boolean isCursor(String text) {
        return text.isEmpty() || new BigInteger(text).bitLength() <= Long.SIZE;
    }

    /** What {@link #read} reads. */
    String text() {
        return asOf + "." + shard + "." + cursor;
    }
}
