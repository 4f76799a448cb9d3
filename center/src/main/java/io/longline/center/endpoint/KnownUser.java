package io.longline.center.endpoint;

import java.util.List;

/**
 * What register knows of a user; of one never seen, nothing.
 *
 * @param devices those online first, the one seen last first
 * @param topics that the user or any of the devices follows, by name
 */
public record KnownUser(List<KnownDevice> devices, List<String> topics) {

    public KnownUser {
        devices = List.copyOf(devices);
        topics = List.copyOf(topics);
    }
}
