package io.longline.register.route;

import java.util.List;

/**
 * Users of one product that are online, of one shard.
 *
 * @param total how many there are in all
 * @param users some of them, by name
 */
public record Online(long total, List<String> users) {

    public Online {
        users = List.copyOf(users);
    }
}
