package io.longline.saver;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.keeper.redis.RedisScript;
import io.longline.stores.junit.RedisClusterExtension;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The tests of the scripts run once more, on a Redis Cluster. */
@Timeout(180)
class ScriptsOnRedisClusterIT {
    @RegisterExtension
    static final RedisClusterExtension CLUSTER = new RedisClusterExtension();

    @Test
    void whatIsTestedOnOneRedisHoldsOnAClusterAndNoScriptIsLeftOut() throws IOException {
        RedisClusterExtension.Outcome outcome = CLUSTER.run("io.longline.saver", ".*(Scripts?|RedisTime)IT");

        assertThat(outcome.failures()).isEmpty();
        assertThat(outcome.tests()).isGreaterThanOrEqualTo(80);
        assertThat(scripts())
                .hasSizeGreaterThanOrEqualTo(20)
                .allSatisfy(script -> assertThat(CLUSTER.neverRun(List.of(script.sha1())))
                        .as("%s has run", script)
                        .isEmpty());
    }

    /** All in the resources; what others include is no script itself. */
    private static List<RedisScript> scripts() throws IOException {
        Path resources = Path.of("src/main/resources");
        try (Stream<Path> files = Files.walk(resources)) {
            List<Path> all =
                    files.filter(file -> file.toString().endsWith(".lua")).toList();
            String text = String.join(
                    "\n", all.stream().map(ScriptsOnRedisClusterIT::read).toList());
            return all.stream()
                    .map(file -> "/" + resources.relativize(file))
                    .filter(name -> !text.contains("-- include " + name))
                    .map(name -> RedisScript.of(ScriptsOnRedisClusterIT.class, name))
                    .toList();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
