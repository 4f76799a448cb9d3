package io.longline.saver;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.keeper.config.ConfigReader;
import io.longline.keeper.config.ConfigSource;
import io.longline.keeper.metrics.Metrics;
import io.longline.keeper.product.Durability;
import io.longline.saver.budget.Budgets;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The README says what is so. */
final class ReadmeTest {
    private final String readme;

    ReadmeTest() throws IOException {
        readme = Files.readString(Path.of("README.md"));
    }

    @Test
    void everyKeyOfTheSaversOwnStandsInItsTableWithItsDefault() {
        ConfigReader reader = new ConfigReader(ConfigSource.builder().build());
        SaverConfig.read(reader);
        List<String> own = find("(?m)^((?:saver|mysql)\\.\\S+) +(\\S+)", reader.table(), "| `$1` | `$2` |").stream()
                .filter(row -> !row.contains("mysql.url"))
                .toList();

        assertThat(own)
                .hasSizeGreaterThan(5)
                .allSatisfy(row -> assertThat(readme).contains(row));
    }

    @Test
    void everyMetricOfTheSaversOwnStandsInItsTable() {
        PrometheusMeterRegistry registry = Metrics.registry("saver", "saver-1");
        SaverMetrics metrics = new SaverMetrics(registry);
        metrics.watchJournal(durability -> 0, 1, () -> 0, 1);
        metrics.watchMysql(() -> true);
        metrics.watchPasses(() -> 0, 1);
        metrics.watchTopicCache(() -> 0, 1);
        metrics.watchMemory(new Budgets(metrics::memoryRefused));
        metrics.watchRebuild(() -> 0);
        metrics.journalRefused(Durability.REDIS, 1);
        List<String> own = find("(?m)^# TYPE (longline_saver_\\S+?)(?:_max)? ", registry.scrape(), "`$1");

        assertThat(own)
                .hasSizeGreaterThan(8)
                .allSatisfy(name -> assertThat(readme).contains(name));
    }

    @Test
    void everyClassAndScriptItNamesIsThere() throws IOException {
        List<String> named = find("`([A-Z]\\w+)`", readme, "$1.java").stream()
                .filter(
                        name -> !name.matches(
                                "(Inboxes|Messages|Schedules|Topics|Jobs|StoreTime|DeviceJournal|Quotas|Stats|DeadLetters|Backlogs|[A-Z_]+)\\.java"))
                .toList();
        List<String> scripts = find("([a-z]\\w+\\.lua)", readme, "$1");
        try (Stream<Path> files = Files.walk(Path.of("src/main"))) {
            List<String> there =
                    files.map(file -> file.getFileName().toString()).toList();

            assertThat(there).containsAll(named).containsAll(scripts);
            assertThat(named).hasSizeGreaterThan(10);
            assertThat(scripts).isNotEmpty();
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
