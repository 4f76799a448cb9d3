package io.longline.deploy.faults;

import io.longline.deploy.cluster.ClusterException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The program {@code jcmd}, which a JDK has. */
public final class Jcmd {
    private Jcmd() {}

    /** What a Java process answers to a command; never of this process, which would wait for itself. */
    public static String run(long pid, String command) {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        try {
            Process process = new ProcessBuilder(jcmd.toString(), Long.toString(pid), command)
                    .redirectErrorStream(true)
                    .start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new ClusterException("jcmd failed: " + said);
            }
            return said;
        } catch (IOException e) {
            throw new ClusterException("needs jcmd, of a JDK", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ClusterException("interrupted", e);
        }
    }
}
