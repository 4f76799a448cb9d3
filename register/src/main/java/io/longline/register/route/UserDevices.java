package io.longline.register.route;

import java.util.List;

/**
 * The known devices of a user, as of one moment.
 *
 * @param generation what is bound later gets a higher one
 * @param devices those that are online first, the latest seen first
 * @param topics that the user or any of the devices follows, by name
 */
public record UserDevices(long generation, List<KnownDevice> devices, List<String> topics) {

    public UserDevices {
        devices = List.copyOf(devices);
        topics = List.copyOf(topics);
    }
}
