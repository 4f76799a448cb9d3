package io.longline.bench.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.deploy.command.MoreCommands;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class BenchCommandsTest {
    private final StringWriter out = new StringWriter();
    private final CommandLine bench = new BenchCommands()
            .get()
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(out, true));

    @Test
    void theProgramFindsThem() {
        assertThat(ServiceLoader.load(MoreCommands.class).stream().map(ServiceLoader.Provider::type))
                .containsExactly(BenchCommands.class);
    }

    @Test
    void everyScenarioOfTheContractIsThere() {
        assertThat(bench.getSubcommands())
                .containsKeys(
                        "idle",
                        "login",
                        "unicast",
                        "batch",
                        "jobs",
                        "presence",
                        "presence-killed",
                        "uplinks",
                        "uplinks-killed",
                        "groups",
                        "events",
                        "fair",
                        "fanout",
                        "broadcast",
                        "mixed",
                        "scale",
                        "day",
                        "slow",
                        "abuse",
                        "storm",
                        "storm-cold",
                        "survive",
                        "recover",
                        "rebuild",
                        "commits");
    }

    @Test
    void withoutAScenarioTheyAreListed() {
        assertThat(bench.execute()).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(out.toString()).contains("Missing scenario", "unicast");
    }

    @Test
    void badOptionsAreNamedAndStartNothing() {
        assertThat(bench.execute("idle", "--clients", "0")).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(out.toString()).contains("clients, rounds, seconds and rates must be at least 1");
        assertThat(bench.execute("idle", "--size", "huge")).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(bench.execute("presence-killed", "--clients", "1")).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(out.toString()).contains("clients must be at least 2");
        assertThat(bench.execute("survive", "--lanes", "0")).isEqualTo(CommandLine.ExitCode.USAGE);
    }
}
