package io.longline.register.endpoint;

import java.util.ArrayList;
import java.util.List;

/**
 * A topic that an endpoint follows.
 *
 * @param from the offset after which it began
 * @param byBackEnd a back end wants it so
 */
public record FollowedTopic(String topic, long from, boolean byBackEnd) {

    /** Reads topic, from, "1" or "0", topic, ..., as the scripts answer it. */
    public static List<FollowedTopic> parse(List<String> words) {
        List<FollowedTopic> topics = new ArrayList<>();
        for (int i = 0; i < words.size(); i += 3) {
            topics.add(new FollowedTopic(
                    words.get(i),
                    Long.parseLong(words.get(i + 1)),
                    words.get(i + 2).equals("1")));
        }
        return topics;
    }
}
