package io.longline.bench.command;

import io.longline.bench.failure.Recover;
import io.longline.bench.failure.RecoverReport;
import io.longline.bench.failure.Recovery;
import io.longline.deploy.faults.PartKind;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code longline bench recover}: how long pushes stop when a process is killed. */
@Command(
        name = "recover",
        description =
                "Kills each service and each store under a flow of pushes and measures how long it takes until they"
                        + " flow again, with one and with two instances of each service. Exit code 1 if something did not recover.")
final class RecoverCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Option(
            names = "--instances",
            paramLabel = "N",
            split = ",",
            defaultValue = "1,2",
            description = "Of each service (${DEFAULT-VALUE}); stores are killed where there is one.")
    private List<Integer> instances = List.of();

    @Option(
            names = "--parts",
            paramLabel = "KIND",
            split = ",",
            description =
                    "Only these: dispatcher, register, saver, coordinator, center, room, redis, mysql, zookeeper.")
    private Set<String> parts = Set.of();

    @Mixin
    private final BenchOutput output = new BenchOutput();

    @Override
    public Integer call() {
        check();
        PrintWriter out = spec.commandLine().getOut();
        List<Recovery> all = output.inFolder(out, folder -> {
            List<Recovery> recoveries = new ArrayList<>();
            Recover recover = new Recover(part -> parts.isEmpty() || parts.contains(part), out::println);
            for (int count : instances) {
                recoveries.addAll(recover.run(folder.resolve("of-" + count), count));
            }
            return recoveries;
        });
        RecoverReport.print(all, out);
        output.write(RecoverReport.json(all));
        return all.stream().allMatch(Recovery::isRecovered) ? 0 : 1;
    }

    private void check() {
        if (instances.stream().anyMatch(count -> count < 1)) {
            throw new ParameterException(spec.commandLine(), "--instances must be at least 1");
        }
        Set<String> known = Stream.of(PartKind.values()).map(PartKind::word).collect(Collectors.toSet());
        parts.stream().filter(part -> !known.contains(part)).findFirst().ifPresent(part -> {
            throw new ParameterException(spec.commandLine(), "there is no part " + part);
        });
    }
}
