package io.longline.sdk.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.File;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The process of an app is killed while it writes its state. */
class KilledAppIT {
    private static final String OTHER = "shop/u2/phone"; // of this process
    private static final int KILLS = Boolean.getBoolean("longline.test.long") ? 100 : 6;
    private static final int MOST_MESSAGES = 3_000; // so many that the file is written anew a few times

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);

    @TempDir
    private Path folder = Path.of("");

    @Test
    void whateverItWasAboutToWriteNothingFinishedIsForgotten() throws Exception {
        Path file = folder.resolve("state");
        for (int kill = 0; kill < KILLS; kill++) {
            long printed = runUntilKilled(file);

            FileStateStore store = new FileStateStore(file);
            long finished = store.finished(StateWriterMain.ENDPOINT);
            assertThat(finished).as("seed %d", seed).isBetween(printed, printed + 1);
            assertThat(store.handling(StateWriterMain.ENDPOINT)).isIn(0L, finished + 1);
            assertThat(store.finished(OTHER)).as("seed %d", seed).isEqualTo(printed);
        }
    }

    /** Answers the last seq that it said it had finished with. */
    private long runUntilKilled(Path file) throws Exception {
        Process app = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        StateWriterMain.class.getName(),
                        file.toString())
                .redirectError(new File("target", "state-writer.log"))
                .start();
        FileStateStore ours = new FileStateStore(file);
        long last = 0;
        try (BufferedReader out = app.inputReader()) {
            int killAfter = 1 + random.nextInt(MOST_MESSAGES);
            String line = out.readLine();
            for (int lines = 1; line != null; lines++) {
                last = Long.parseLong(line);
                ours.finish(OTHER, last);
                if (lines == killAfter) {
                    app.toHandle().destroyForcibly(); // what it printed can still be read
                }
                line = out.readLine();
            }
        }
        app.waitFor();
        return last;
    }
}
