package io.longline.saver.quota;

/** How much a user may be sent; 0: any number. */
record UserLimits(long hourMessages, long hourBytes, long dayMessages, long dayBytes) {

    long of(UserLimit limit) {
        return switch (limit) {
            case NONE -> 0;
            case HOUR_MESSAGES -> hourMessages;
            case HOUR_BYTES -> hourBytes;
            case DAY_MESSAGES -> dayMessages;
            case DAY_BYTES -> dayBytes;
        };
    }
}
