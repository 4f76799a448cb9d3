package io.longline.sdk;

/** Whether a user of the app's product is online. */
public final class UserPresence {
    private final String user;
    private final boolean online;
    private final long lastSeenMs;

    UserPresence(io.longline.v1.UserPresence told) {
        this.user = told.getUser();
        this.online = told.getOnline();
        this.lastSeenMs = told.getLastSeenMs();
    }

    public String user() {
        return user;
    }

    /** Whether a device of the user's is connected. */
    public boolean online() {
        return online;
    }

    /** When a device of the user's last came or went, in milliseconds since 1970; 0: it was never seen, or is forgotten. */
    public long lastSeenMs() {
        return lastSeenMs;
    }

    @Override
    public String toString() {
        return user + (online ? " is online" : " is offline, last seen at " + lastSeenMs);
    }
}
