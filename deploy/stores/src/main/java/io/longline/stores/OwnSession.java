package io.longline.stores;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Takes a child process out of the terminal's reach: Ctrl-C goes to every process of the terminal's group, and would end a
 * store before the services that still write to it.
 */
public final class OwnSession {
    private static final Optional<Path> SETSID = Stream.of(
                    System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
            .filter(folder -> !folder.isEmpty())
            .map(folder -> Path.of(folder, "setsid"))
            .filter(Files::isExecutable)
            .findFirst();

    private OwnSession() {}

    /** The command in a session of its own, under the same pid; unchanged where the system has no {@code setsid}. */
    public static List<String> of(List<String> command) {
        List<String> result = new ArrayList<>();
        SETSID.ifPresent(program -> result.add(program.toString()));
        result.addAll(command);
        return result;
    }
}
