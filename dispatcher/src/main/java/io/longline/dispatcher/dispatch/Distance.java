package io.longline.dispatcher.dispatch;

/** How far a region is from another one, the nearest first. A region may name a carrier, {@code bj/unicom}. */
enum Distance {
    /** Also where one of them plays no part. */
    SAME,
    OTHER_CARRIER,
    NOWHERE,
    OTHER_REGION;

    static Distance of(String home, String other) {
        if (home.isEmpty() || home.equals(other)) {
            return SAME;
        }
        if (other.isEmpty()) {
            return NOWHERE;
        }
        if (!place(home).equals(place(other))) {
            return OTHER_REGION;
        }
        return home.contains("/") && other.contains("/") ? OTHER_CARRIER : SAME;
    }

    boolean isAbroad() {
        return this == OTHER_REGION;
    }

    private static String place(String region) {
        int slash = region.indexOf('/');
        return slash < 0 ? region : region.substring(0, slash);
    }
}
