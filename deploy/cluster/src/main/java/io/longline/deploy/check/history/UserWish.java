package io.longline.deploy.check.history;

/** A back end wants all endpoints of a user to follow a topic, or none of them. */
public record UserWish(String product, String user, String topic, boolean follow) {}
