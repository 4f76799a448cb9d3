package io.longline.register.endpoint;

import java.util.List;

/**
 * What an endpoint follows.
 *
 * @param born when its device bound for the first time, a number as generations are; 0: nobody knows. Of the topics that everybody
 *     follows it reads what was published since
 * @param topics in no order
 */
public record Follows(long born, List<FollowedTopic> topics) {

    public Follows {
        topics = List.copyOf(topics);
    }

    /** Reads born, then the topics, as the script answers them. */
    public static Follows parse(List<String> words) {
        return new Follows(Long.parseLong(words.getFirst()), FollowedTopic.parse(words.subList(1, words.size())));
    }
}
