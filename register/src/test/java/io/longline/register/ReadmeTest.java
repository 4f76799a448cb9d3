package io.longline.register;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.keeper.config.ConfigReader;
import io.longline.keeper.config.ConfigSource;
import io.longline.keeper.metrics.Metrics;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The README says what is so. */
class ReadmeTest {
    private final String readme;

    ReadmeTest() throws IOException {
        readme = Files.readString(Path.of("README.md"));
    }

    @Test
    void everyKeyOfRegistersOwnStandsInItsTableWithItsDefault() {
        ConfigReader reader = new ConfigReader(ConfigSource.builder().build());
        RegisterConfig.read(reader);
        List<String> own = find("(?m)^(register\\.\\S+) +(\\S+)", reader.table(), "| `$1` | `$2` |");

        assertThat(own)
                .hasSizeGreaterThan(5)
                .allSatisfy(row -> assertThat(readme).contains(row));
    }

    @Test
    void everyMetricOfRegistersOwnStandsInItsTable() {
        PrometheusMeterRegistry registry = Metrics.registry("register", "register-1");
        RegisterMetrics metrics = new RegisterMetrics(registry);
        assertThat(metrics.lostShards()).isPositive();
        List<String> own = find("(?m)^# TYPE (longline_register_\\S+?)(?:_max)? ", registry.scrape(), "`$1");

        assertThat(own)
                .hasSizeGreaterThan(5)
                .allSatisfy(name -> assertThat(readme).contains(name));
    }

    @Test
    void everyClassAndScriptItNamesIsThere() {
        List<String> named =
                find("([A-Z]\\w+(?:GrpcService|Index|Flow|Client|Server|Policy|Rooms))\\b", readme, "$1.java");
        List<String> scripts = find("([a-z]\\w+\\.lua)", readme, "$1");

        assertThat(named).isNotEmpty().allSatisfy(file -> assertThat(sources()).contains(file));
        assertThat(scripts)
                .isNotEmpty()
                .allSatisfy(file -> assertThat(sources()).contains(file));
    }

    private static List<String> sources() throws IOException {
        try (var files = Files.walk(Path.of("src/main"))) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    private static List<String> find(String regex, String text, String shown) {
        return Pattern.compile(regex)
                .matcher(text)
                .results()
                .map(MatchResult::group)
                .map(match -> match.replaceFirst(regex, shown))
                .toList();
    }
}
