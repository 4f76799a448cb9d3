package io.longline.register.route;

/**
 * A user, as others may know of it.
 *
 * @param lastSeenMs when a device of the user's was last bound or unbound; 0: there is none
 */
public record LastSeen(boolean online, long lastSeenMs) {}
