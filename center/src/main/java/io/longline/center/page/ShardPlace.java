package io.longline.center.page;

import io.longline.keeper.error.LonglineException;
import io.longline.keeper.id.Ids;
import io.longline.keeper.shard.Shards;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A place in the order of shards, and within one of names.
 *
 * @param after the last name of the shard that was told; "": none yet
 */
public record ShardPlace(int shard, String after) {
    public static final ShardPlace FIRST = new ShardPlace(0, "");

    private static final String SHARD_END = ".";
    private static final Pattern FORM = Pattern.compile("([0-9]{1,3})\\.(.*)");

    /** As a back end gives it back; INVALID_ARGUMENT names the field. Empty: from the first on. */
    public static ShardPlace read(String field, Optional<String> text) {
        if (text.isEmpty()) {
            return FIRST;
        }
        Matcher form = FORM.matcher(text.get());
        if (!form.matches()) {
            throw LonglineException.invalid(
                    field, "is " + text.get() + ", expected what was next in the answer before");
        }
        String name = form.group(2);
        return new ShardPlace(
                Shards.require(field, Integer.parseInt(form.group(1))), name.isEmpty() ? "" : Ids.require(field, name));
    }

    /** What {@link #read} reads. */
    public String text() {
        return shard + SHARD_END + after;
    }
}
