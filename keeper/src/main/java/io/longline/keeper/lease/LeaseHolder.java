package io.longline.keeper.lease;

/**
 * Who holds a lease, for {@code status}.
 *
 * @param holder the instance that holds it
 * @param sinceMs by the holder's clock
 */
public record LeaseHolder(String lease, String holder, long sinceMs, long fencing) {}
