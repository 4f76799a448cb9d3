package io.longline.register.follow;

import java.util.List;

/**
 * Users that follow a topic, of one shard.
 *
 * @param total how many there are in all
 * @param users some of them, by name
 */
public record TopicFollowers(long total, List<String> users) {

    public TopicFollowers {
        users = List.copyOf(users);
    }
}
