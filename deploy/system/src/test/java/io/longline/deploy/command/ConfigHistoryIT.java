package io.longline.deploy.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.deploy.kit.SharedCluster;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code longline config history|diff|rollback}. */
final class ConfigHistoryIT {
    private static final Pattern HEAD =
            Pattern.compile("(\\d+)  \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\dZ  \\S+, config .+");

    @RegisterExtension
    static final SharedCluster cluster = new SharedCluster();

    @AfterEach
    void asItWas() {
        Commands.run("config", "unset", "dispatcher.balancer", "dispatcher.cache-ttl");
    }

    private static String config(String... words) {
        Commands.Run run = run(words);
        assertThat(run.exitCode()).as("%s", run.err()).isZero();
        return run.out();
    }

    private static Commands.Run run(String... words) {
        String[] all = new String[words.length + 1];
        all[0] = "config";
        System.arraycopy(words, 0, all, 1, words.length);
        return Commands.run(all);
    }

    /** The number of the last change. */
    private static long last() {
        List<Matcher> heads = config("history", "--service", "dispatcher")
                .lines()
                .map(HEAD::matcher)
                .filter(Matcher::matches)
                .toList();
        return Long.parseLong(heads.getLast().group(1));
    }

    @Test
    void itTellsWhatWasChangedAndTakesItBack() {
        config("set", "dispatcher.balancer=random", "dispatcher.cache-ttl=30s");
        long first = last();
        config("set", "dispatcher.balancer=round-robin");
        config("set", "dispatcher.balancer=round-robin");
        assertThat(last()).as("what changes nothing is no change").isEqualTo(first + 1);

        assertThat(config("history", "--service", "dispatcher"))
                .contains("# dispatcher")
                .containsPattern("(?m)^" + (first + 1) + "  .*config set$")
                .endsWith("- dispatcher.balancer = random\n+ dispatcher.balancer = round-robin");
        assertThat(config("diff", "--service", "dispatcher"))
                .isEqualTo("# dispatcher " + (first + 1)
                        + "\n- dispatcher.balancer = random\n+ dispatcher.balancer = round-robin");

        String[] back = {"rollback", "--service", "dispatcher", Long.toString(first)};
        assertThat(config(back)).isEqualTo("dispatcher: dispatcher.balancer takes effect now");
        assertThat(config("get", "--service", "dispatcher"))
                .isEqualTo("# dispatcher\ndispatcher.balancer = random\ndispatcher.cache-ttl = 30s");
        assertThat(last()).isEqualTo(first + 2);
        assertThat(config("diff", "--service", "dispatcher", Long.toString(first)))
                .isEqualTo("# dispatcher " + first + " to now");
        assertThat(config("diff", "--service", "dispatcher", Long.toString(first + 1), Long.toString(first)))
                .contains("- dispatcher.balancer = round-robin", "+ dispatcher.balancer = random");
        assertThat(config(back)).isEqualTo("dispatcher: is as it was in version " + first);
        assertThat(last()).isEqualTo(first + 2);
    }

    @Test
    void whatIsNotThereIsSaidAndChangesNothing() {
        config("set", "dispatcher.cache-ttl=31s");
        long number = last();
        for (String command : List.of("rollback", "diff")) {
            Commands.Run unknown = run(command, "--service", "dispatcher", "999999");
            assertThat(unknown.exitCode()).isNotZero();
            assertThat(unknown.err())
                    .contains("no version 999999 of the configuration of dispatcher")
                    .doesNotContain("\tat ");
            assertThat(run(command, "1").err()).contains("name it with --service");
        }
        assertThat(run("rollback", "--service", "dispatcher", "x").exitCode()).isNotZero();
        assertThat(last()).isEqualTo(number);
        assertThat(config("get", "dispatcher.cache-ttl")).isEqualTo("31s");
    }

    @Test
    void secretsAreMasked() {
        assertThat(config("history", "--service", "center"))
                .contains("longline up", "+ operator.secret = ****")
                .doesNotContain("admin-secret");
        assertThat(config("diff")).contains("# center").doesNotContain("admin-secret");
    }
}
