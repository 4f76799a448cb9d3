package io.longline.center.uplink;

import java.util.List;

/**
 * How a type stands.
 *
 * @param waiting uplinks that somebody has not finished with
 */
record UplinkType(String type, boolean hasCallback, long waiting, long oldestAgeMs, List<Standing> groups) {

    /** How a group of it does. */
    record Standing(String group, long depth, long inFlight, int consumers, long oldestAgeMs) {}
}
