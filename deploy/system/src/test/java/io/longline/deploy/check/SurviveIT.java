package io.longline.deploy.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.deploy.check.run.RunReport;
import io.longline.deploy.check.run.RunSize;
import io.longline.deploy.check.run.Survival;
import io.longline.deploy.kit.SharedFaults;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A random run under random faults: seconds here, hours with {@code -Plong}. {@code -Dlongline.survive.seed=N} runs that of an earlier
 * run again.
 */
@Tag("faults")
final class SurviveIT {
    private static final RunSize SIZE = Boolean.getBoolean("longline.test.long") ? RunSize.FULL : RunSize.TINY;

    @RegisterExtension
    static final SharedFaults faults = new SharedFaults();

    @Test
    void noPromiseIsBroken() {
        long seed = Long.getLong("longline.survive.seed", new SecureRandom().nextInt(Integer.MAX_VALUE));
        System.out.println("random run with -Dlongline.survive.seed=" + seed);
        RunReport report =
                new Survival(seed, SIZE, faults.target(), Optional.of(faults.cluster()), System.out::println).run();
        assertThat(report.isGood()).as("%s", report.text()).isTrue();
        for (String done :
                List.of("sends done", "told: uplink.order", "told: message.acked", "told: presence.online")) {
            assertThat(report.tally().sum(done))
                    .as("%s: %s", done, report.text())
                    .isPositive();
        }
    }
}
