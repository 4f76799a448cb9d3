package io.longline.deploy.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.deploy.kit.Program;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code deploy/longline} in surroundings that are poorer than a terminal's. */
final class ProgramIT {
    @TempDir
    Path home;

    @Test
    void itNeedsNoHomeFolder() {
        Program version = Program.shell(home, "env -u HOME " + Program.script() + " --version");
        assertThat(version.awaitEnd()).as("%s", version).isZero();
        assertThat(version.lines()).singleElement().asString().startsWith("longline ");
    }

    @Test
    void argumentsAreReadAsUtf8WhateverTheLocale() {
        Program token = Program.shell(
                home,
                "env -u LC_ALL -u LC_CTYPE LANG=C " + Program.script()
                        + " status --zookeeper gr\u00fc\u00dfe --cluster c");
        assertThat(token.awaitEnd()).isEqualTo(1);
        assertThat(token.toString()).contains("gr\u00fc\u00dfe").hasLineCount(1);
    }
}
