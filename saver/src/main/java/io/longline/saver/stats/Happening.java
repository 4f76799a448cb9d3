package io.longline.saver.stats;

/** What is counted of a product. The order is that of the numbers in Redis: new ones come last. */
enum Happening {
    ACCEPTED,
    REFUSED,
    ACKED,
    EXPIRED,
    COLLAPSED,
    RECALLED,
    DROPPED
}
