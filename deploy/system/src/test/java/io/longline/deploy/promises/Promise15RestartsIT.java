package io.longline.deploy.promises;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.deploy.check.run.PlannedFault;
import io.longline.deploy.check.run.PlannedFault.Kind;
import io.longline.deploy.check.run.RunReport;
import io.longline.deploy.check.run.RunSize;
import io.longline.deploy.check.run.Survival;
import io.longline.deploy.kit.SharedFaults;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Promise 15: a restart of any service, one at a time, loses nothing, and back ends see at most a 503 to be tried again. */
@Tag("faults")
final class Promise15RestartsIT {
    private static final List<String> SERVICES =
            List.of("saver-1", "register-1", "center-1", "room-1", "coordinator-1", "dispatcher-1");

    @RegisterExtension
    static final SharedFaults faults = new SharedFaults();

    @Test
    void aRestartOfEachServiceIsNoticedAtMostAsARetryable503() {
        List<PlannedFault> restarts = IntStream.range(0, SERVICES.size())
                .mapToObj(i -> new PlannedFault(
                        i + 1, Kind.RESTART, SERVICES.get(i), "", Duration.ZERO, Duration.ofMillis(200)))
                .toList();
        RunReport report = new Survival(
                        15,
                        RunSize.TINY.withOperations(1_200),
                        faults.target(),
                        Optional.of(faults.cluster()),
                        System.out::println)
                .run(restarts);
        assertThat(report.isGood()).as("%s", report.text()).isTrue();
        assertThat(report.tally().sum("fault: restart")).isEqualTo(SERVICES.size());
    }
}
