package io.longline.register.route;

import java.util.List;

/**
 * The known devices of a user, as of one moment.
 *
 * @param generation what is bound later gets a higher one
 * @param devices those that are online first, the latest seen first
 */
public record UserDevices(long generation, List<KnownDevice> devices) {

    public UserDevices {
        devices = List.copyOf(devices);
    }
}
