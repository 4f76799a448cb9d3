package io.longline.keeper.product;

/**
 * How much a product may send, all centers together; 0: any number. A message counts once for each target (a user or one device), at
 * whatever QoS, and each time that it is sent.
 *
 * @param ratePerS messages a second
 * @param dailyQuota messages a UTC day
 * @param userMessagesPerHour to one user, in an hour of the clock
 * @param userMessagesPerDay to one user, in a UTC day
 * @param userBytesPerHour payload to one user, likewise
 */
public record SendLimits(
        long ratePerS,
        long dailyQuota,
        long userMessagesPerHour,
        long userMessagesPerDay,
        long userBytesPerHour,
        long userBytesPerDay) {

    public static final SendLimits NONE = new SendLimits(0, 0, 0, 0, 0, 0);

    /** Whether there are any of the product as a whole. */
    public boolean ofProduct() {
        return ratePerS > 0 || dailyQuota > 0;
    }

    /** Whether there are any of each user. */
    public boolean ofUsers() {
        return userMessagesPerHour > 0 || userMessagesPerDay > 0 || userBytesPerHour > 0 || userBytesPerDay > 0;
    }
}
