package io.longline.center.topic;

import io.longline.keeper.shard.Shards;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Names a send to a topic: offsets are drawn from one counter per shard. */
public record SendId(int shard, long offset) {
    private static final Pattern FORM = Pattern.compile("t([0-9]{1,3})-([0-9]{1,16})");

    public static SendId of(String product, String topic, long offset) {
        return new SendId(Shards.of(product, topic), offset);
    }

    /** Of a {@code job_id}; empty: it names a job of another kind, or none. */
    public static Optional<SendId> parse(String jobId) {
        Matcher form = FORM.matcher(jobId);
        if (!form.matches()) {
            return Optional.empty();
        }
        SendId id = new SendId(Integer.parseInt(form.group(1)), Long.parseLong(form.group(2)));
        return id.shard < Shards.COUNT ? Optional.of(id) : Optional.empty();
    }

    /** As it stands in {@code job_id}. */
    public String text() {
        return "t" + shard + "-" + offset;
    }
}
