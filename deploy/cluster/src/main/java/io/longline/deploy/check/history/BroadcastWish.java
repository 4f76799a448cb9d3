package io.longline.deploy.check.history;

import org.jspecify.annotations.Nullable;

/**
 * What a back end wants of a broadcast that was taken.
 *
 * @param state {@code running}, {@code paused} or {@code cancelled}; null: as it is
 * @param ratePerS people a second, 0: any number; -1: as it is
 * @param canaryPermille -1: as it is
 */
public record BroadcastWish(@Nullable String state, int ratePerS, int canaryPermille) {

    public static BroadcastWish state(String state) {
        return new BroadcastWish(state, -1, -1);
    }

    public static BroadcastWish rate(int perS) {
        return new BroadcastWish(null, perS, -1);
    }

    public static BroadcastWish canary(int permille) {
        return new BroadcastWish(null, -1, permille);
    }

    public boolean rests() {
        return "paused".equals(state);
    }

    public boolean ends() {
        return "cancelled".equals(state);
    }

    @Override
    public String toString() {
        return (state == null ? "" : state + " ")
                + (ratePerS < 0 ? "" : ratePerS + " a second ")
                + (canaryPermille < 0 ? "" : "canary " + canaryPermille);
    }
}
