package io.longline.deploy.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.deploy.kit.Program;
import io.longline.stores.OwnJava;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code deploy/longline} prepares so that starts are quick. {@code -XX:AOTMode=on} lets Java end where the cache does not fit. */
final class StartCacheIT {
    private static final String NO_OTHER_WAY = "-XX:AOTMode=on";

    @TempDir
    Path home;

    @Test
    void theProgramStartsFromIt() {
        Program version = program(NO_OTHER_WAY);
        assertThat(version.awaitEnd()).as(version.toString()).isZero();
        assertThat(version.lines()).singleElement().asString().startsWith("longline ");
    }

    @Test
    void soDoTheProcessesThatTestsStart() {
        List<String> command = new ArrayList<>(List.of(OwnJava.program()));
        command.addAll(OwnJava.flags());
        command.addAll(
                List.of(NO_OTHER_WAY, "-cp", OwnJava.classPath(), "io.longline.deploy.command.LonglineMain", "-V"));
        Program version = Program.runCommand(home, command);
        assertThat(version.awaitEnd()).as(version.toString()).isZero();
        assertThat(version.lines()).singleElement().asString().startsWith("longline ");
    }

    @Test
    void aJavaThatItDoesNotFitStartsWithoutItAndWithoutAWord() {
        Program version = program("-XX:-UseCompactObjectHeaders");
        assertThat(version.awaitEnd()).as(version.toString()).isZero();
        assertThat(version.lines()).singleElement().asString().startsWith("longline ");
        assertThat(program("-XX:-UseCompactObjectHeaders " + NO_OTHER_WAY).awaitEnd())
                .as("it does not fit")
                .isNotZero();
    }

    private Program program(String javaOpts) {
        return Program.shell(home, "env 'LONGLINE_JAVA_OPTS=" + javaOpts + "' " + Program.script() + " --version");
    }
}
