package io.longline.center.uplink;

import java.util.List;

/**
 * What became of leases.
 *
 * @param count that were settled
 * @param gone the others: settled before, or another's by now
 */
record Settled(int count, List<String> gone) {}
