package io.longline.bench.command;

import io.longline.bench.scenario.Abuse;
import io.longline.bench.scenario.Batch;
import io.longline.bench.scenario.Broadcast;
import io.longline.bench.scenario.Connections;
import io.longline.bench.scenario.Day;
import io.longline.bench.scenario.Events;
import io.longline.bench.scenario.Fair;
import io.longline.bench.scenario.Fanout;
import io.longline.bench.scenario.Groups;
import io.longline.bench.scenario.Idle;
import io.longline.bench.scenario.Jobs;
import io.longline.bench.scenario.Login;
import io.longline.bench.scenario.Mixed;
import io.longline.bench.scenario.Presence;
import io.longline.bench.scenario.Scale;
import io.longline.bench.scenario.Scenario;
import io.longline.bench.scenario.Slow;
import io.longline.bench.scenario.Storm;
import io.longline.bench.scenario.Unicast;
import io.longline.bench.scenario.Uplinks;
import io.longline.bench.scenario.UplinksKilled;
import io.longline.deploy.command.MoreCommands;
import java.util.List;
import picocli.CommandLine;

/** Brings {@code bench} into {@code longline}. */
public final class BenchCommands implements MoreCommands {
    static final List<Scenario> SCENARIOS = List.of(
            new Idle(),
            new Connections(),
            new Login(),
            new Unicast(),
            new Batch(),
            new Jobs(),
            new Presence(),
            new Uplinks(),
            new UplinksKilled(),
            new Groups(),
            new Events(),
            new Fair(),
            new Fanout(),
            new Broadcast(),
            new Mixed(),
            new Scale(),
            new Day(),
            new Slow(),
            new Abuse(),
            Storm.atUsedRooms(),
            Storm.atColdRooms());

    @Override
    public CommandLine get() {
        CommandLine bench = new CommandLine(new BenchCommand());
        for (Scenario scenario : SCENARIOS) {
            CommandLine command = new CommandLine(new ScenarioCommand(scenario));
            command.getCommandSpec()
                    .usageMessage()
                    .description(scenario.description() + " Exit code 1 if anything was lost or doubled.");
            bench.addSubcommand(scenario.name(), command);
        }
        return bench;
    }
}
