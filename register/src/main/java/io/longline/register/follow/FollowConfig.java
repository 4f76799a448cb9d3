package io.longline.register.follow;

import io.longline.keeper.config.ConfigReader;

/**
 * How much may be followed.
 *
 * @param mostTopics by an endpoint as its client wants, and again by all of a user's as a back end wants
 */
public record FollowConfig(int mostTopics) {

    public static FollowConfig read(ConfigReader reader) {
        return new FollowConfig(reader.integer("register.follow.most-topics", 200, 1, 10_000));
    }
}
