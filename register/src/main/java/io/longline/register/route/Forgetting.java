package io.longline.register.route;

import io.longline.register.endpoint.FollowNote;
import java.util.List;

/**
 * Devices of a user that are being forgotten.
 *
 * @param generation under which the journal is to be told
 * @param atMs when it was asked for, by the clock of Redis
 * @param sessions of them, which are being ended
 * @param known how many of the devices were known until now; they come first
 * @param back devices that stay, as they were bound since it was asked for: what waited for them before is not theirs any more
 * @param unfollowed what they followed, and the user with all of them
 */
public record Forgetting(
        long generation,
        long atMs,
        int sessions,
        int known,
        List<String> devices,
        List<String> back,
        List<FollowNote> unfollowed) {

    public Forgetting {
        devices = List.copyOf(devices);
        back = List.copyOf(back);
        unfollowed = List.copyOf(unfollowed);
    }
}
