package io.longline.coordinator.audit;

import io.longline.keeper.config.ConfigReader;
import java.time.Duration;

/**
 * How rooms, register and inboxes are compared.
 *
 * @param ratePerS routes and sessions looked at a second by the rounds that begin by themselves; 0: none does
 * @param runRatePerS the same of a round that an operator asks for, where he names none
 * @param pause between two rounds
 * @param confirmAfter what looks wrong is looked at again after this, and only mended if it is still so
 * @param unseenGrace the same for a route in a room that ZooKeeper does not name: it may not be announced yet
 */
public record AuditConfig(int ratePerS, int runRatePerS, Duration pause, Duration confirmAfter, Duration unseenGrace) {
    static final int MOST_PER_S = 100_000;

    public static AuditConfig read(ConfigReader reader) {
        return new AuditConfig(
                reader.integer("coordinator.audit.rate-per-s", 500, 0, MOST_PER_S),
                reader.integer("coordinator.audit.run-rate-per-s", 5_000, 1, MOST_PER_S),
                reader.duration("coordinator.audit.pause", "5m"),
                reader.duration("coordinator.audit.confirm-after", "5s"),
                reader.duration("coordinator.audit.unseen-grace", "15s"));
    }
}
