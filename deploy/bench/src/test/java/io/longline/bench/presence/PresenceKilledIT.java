package io.longline.bench.presence;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.bench.report.Result;
import io.longline.bench.rig.Rig;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * 20,000 clients, for minutes; {@code ScenariosIT} has the same in seconds. {@code -Dlongline.presence.seed=N} does to the cluster what an
 * earlier run did.
 */
@EnabledIfSystemProperty(named = "longline.test.long", matches = "true")
final class PresenceKilledIT {

    @TempDir
    Path folder;

    @Test
    void theLastEventOfEachIsTrueWhoeverIsKilledOrStopped() {
        long seed = Long.getLong("longline.presence.seed", new SecureRandom().nextInt(Integer.MAX_VALUE));
        System.out.println("clients come and go with -Dlongline.presence.seed=" + seed);
        try (Rig rig = Rig.inPairs(folder, Rig.USUAL_JAVA)) {
            Result result = new PresenceKilled(PresenceKilledSize.FULL, seed, System.out::println).run(rig);

            assertThat(result.faults()).isEmpty();
        }
    }
}
