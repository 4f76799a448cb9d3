package io.longline.keeper.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigReaderTest {

    private enum Colour {
        RED,
        DARK_BLUE
    }

    @Test
    void anAbsentKeyHasItsDefault() {
        ConfigReader reader = new ConfigReader(flags(Map.of()));

        assertThat(reader.text("room.name", "x")).isEqualTo("x");
        assertThat(reader.optionalText("room.motto")).isEmpty();
        assertThat(reader.list("room.listen", "7100, 7101")).containsExactly("7100", "7101");
        assertThat(reader.integer("room.loops", 4, 1, 64)).isEqualTo(4);
        assertThat(reader.size("room.frame", "64KiB")).isEqualTo(65_536);
        assertThat(reader.duration("room.hello", "10s")).isEqualTo(Duration.ofSeconds(10));
        assertThat(reader.flag("room.tls", true)).isTrue();
        assertThat(reader.choice("room.colour", Colour.DARK_BLUE)).isEqualTo(Colour.DARK_BLUE);
        assertThat(reader.port("room.port", 0)).isZero();
        reader.finish();
    }

    @Test
    void aGivenKeyIsReadWithItsType() {
        ConfigReader reader = new ConfigReader(flags(Map.of(
                "room.name", "y",
                "room.motto", "z = 1",
                "room.listen", " 1 ,2,, 3",
                "room.loops", "64",
                "room.frame", "5MiB",
                "room.hello", "500ms",
                "room.tls", "false",
                "room.colour", "dark-blue",
                "room.port", "7100")));

        assertThat(reader.text("room.name", "x")).isEqualTo("y");
        assertThat(reader.optionalText("room.motto")).contains("z = 1");
        assertThat(reader.list("room.listen", "")).containsExactly("1", "2", "3");
        assertThat(reader.integer("room.loops", 4, 1, 64)).isEqualTo(64);
        assertThat(reader.size("room.frame", "64KiB")).isEqualTo(5 * 1024 * 1024);
        assertThat(reader.duration("room.hello", "10s")).isEqualTo(Duration.ofMillis(500));
        assertThat(reader.flag("room.tls", true)).isFalse();
        assertThat(reader.choice("room.colour", Colour.RED)).isEqualTo(Colour.DARK_BLUE);
        assertThat(reader.port("room.port", 0)).isEqualTo(7100);
        reader.finish();
    }

    @Test
    void everyErrorIsToldAtOnceWithKeyValueAndWhatWasExpected() {
        ConfigReader reader = new ConfigReader(flags(Map.of(
                "room.loops", "65",
                "room.frame", "64K",
                "room.hello", "10",
                "room.tls", "yes",
                "room.colour", "green",
                "room.port", "70000")));

        assertThat(reader.integer("room.loops", 4, 1, 64)).isEqualTo(4);
        assertThat(reader.size("room.frame", "64KiB")).isEqualTo(65_536);
        assertThat(reader.duration("room.hello", "10s")).isEqualTo(Duration.ofSeconds(10));
        assertThat(reader.flag("room.tls", false)).isFalse();
        assertThat(reader.choice("room.colour", Colour.RED)).isEqualTo(Colour.RED);
        assertThat(reader.port("room.port", 7100)).isEqualTo(7100);

        assertThat(refused(reader).problems())
                .containsExactly(
                        "room.loops is \"65\", expected a number from 1 to 64",
                        "room.frame is \"64K\", expected a size like 512B, 64KiB, 5MiB or 2GiB",
                        "room.hello is \"10\", expected a duration like 500ms, 8s, 5m, 1h or 90d",
                        "room.tls is \"yes\", expected true or false",
                        "room.colour is \"green\", expected one of red, dark-blue",
                        "room.port is \"70000\", expected a number from 0 to 65535");
    }

    @Test
    void numbersThatOverflowAreErrors() {
        ConfigReader reader = new ConfigReader(flags(Map.of(
                "room.loops", "99999999999",
                "room.frame", "999999999999999GiB",
                "room.hello", "999999999999999d")));

        assertThat(reader.integer("room.loops", 1, 0, 9)).isEqualTo(1);
        assertThat(reader.size("room.frame", "1B")).isEqualTo(1);
        assertThat(reader.duration("room.hello", "1s")).isEqualTo(Duration.ofSeconds(1));
        assertThat(refused(reader).problems()).hasSize(3);
    }

    @Test
    void anUnknownKeyUnderAPrefixThatWasReadIsAnErrorWithASuggestion() {
        ConfigReader reader = new ConfigReader(flags(Map.of("room.prot", "7100", "room.something", "1")));
        assertThat(reader.port("room.port", 0)).isZero();

        assertThat(refused(reader).problems())
                .containsExactlyInAnyOrder(
                        "unknown key room.prot, did you mean room.port?", "unknown key room.something");
    }

    @Test
    void aMisspelledPrefixIsAnErrorToo() {
        ConfigReader reader = new ConfigReader(flags(Map.of("roem.port", "7100", "clustr", "x")));
        assertThat(reader.port("room.port", 0)).isZero();
        assertThat(reader.text("cluster", "local")).isEqualTo("local");

        assertThat(refused(reader).problems())
                .containsExactlyInAnyOrder(
                        "unknown key roem.port, did you mean room.port?", "unknown key clustr, did you mean cluster?");
    }

    @Test
    void keysOfOtherServicesMayStandInTheSameSource() {
        ConfigReader reader = new ConfigReader(flags(Map.of("saver.port", "1", "mysql.url", "jdbc:x")));
        assertThat(reader.port("room.port", 0)).isZero();

        reader.finish();
    }

    @Test
    void laterLayersWin(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(
                folder.resolve("room.conf"),
                "# a comment\n\nroom.a = file\nroom.b=file\nroom.c = file\nroom.d = file\n");
        ConfigSource source = ConfigSource.builder()
                .flags(Map.of("room.a", "flag"))
                .environment(Map.of("LONGLINE_ROOM_A", "environment", "LONGLINE_ROOM_B", "environment", "HOME", "/"))
                .zookeeper(Map.of("room.a", "zookeeper", "room.b", "zookeeper", "room.c", "zookeeper"))
                .file(file)
                .build();
        ConfigReader reader = new ConfigReader(source);

        assertThat(reader.text("room.a", "")).isEqualTo("flag");
        assertThat(reader.text("room.b", "")).isEqualTo("environment");
        assertThat(reader.text("room.c", "")).isEqualTo("zookeeper");
        assertThat(reader.text("room.d", "")).isEqualTo("file");
        reader.finish();
    }

    @Test
    void anEnvironmentVariableNamesAKeyWithDashes() {
        ConfigSource source = ConfigSource.builder()
                .environment(Map.of("LONGLINE_ROOM_FAULT_LOSE_HINTS", "3", "LONGLINE_ROOM_PROT", "1"))
                .build();
        ConfigReader reader = new ConfigReader(source);

        assertThat(reader.integer("room.fault.lose-hints", 0, 0, 9)).isEqualTo(3);
        assertThat(reader.port("room.port", 0)).isZero();
        assertThat(refused(reader).problems()).containsExactly("unknown key room.prot, did you mean room.port?");
    }

    @Test
    void whatIsWrongWithTheFileIsToldWithTheOtherErrors(@TempDir Path folder) throws IOException {
        Path broken = Files.writeString(folder.resolve("broken.conf"), "room.a\nroom.b = 1\nroom.b = 2\n = 3\n");
        Path absent = folder.resolve("absent.conf");
        ConfigReader reader = new ConfigReader(
                ConfigSource.builder().file(broken).file(absent).build());
        assertThat(reader.integer("room.b", 0, 0, 9)).isEqualTo(2);

        assertThat(refused(reader).problems())
                .containsExactly(
                        broken + " line 1: expected \"key = value\" or a comment with #",
                        broken + " line 3: room.b stands there twice",
                        broken + " line 4: expected \"key = value\" or a comment with #",
                        "configuration file " + absent + ": there is no such file");
    }

    @Test
    void theTableShowsEveryValueWithItsLayerAndNoSecret() {
        ConfigReader reader = new ConfigReader(ConfigSource.builder()
                .flags(Map.of(
                        "operator.secret", "hush",
                        "redis.uri", "redis://app:hush@db:6379/0",
                        "mysql.url", "jdbc:mysql://db/longline?user=app&password=hush&x=1"))
                .zookeeper(Map.of("room.port", "7100"))
                .build());
        assertThat(reader.text("operator.secret", "")).isEqualTo("hush");
        assertThat(reader.text("redis.uri", "")).contains("hush");
        assertThat(reader.text("mysql.url", "")).contains("hush");
        assertThat(reader.port("room.port", 0)).isEqualTo(7100);
        assertThat(reader.duration("room.hello", "10s")).isPositive();

        assertThat(reader.table().lines().map(line -> line.replaceAll(" +", " ")))
                .containsExactly(
                        "operator.secret **** flag",
                        "redis.uri redis://****@db:6379/0 flag",
                        "mysql.url jdbc:mysql://db/longline?user=app&password=****&x=1 flag",
                        "room.port 7100 zookeeper",
                        "room.hello 10s default");
    }

    @Test
    void anErrorDoesNotTellASecret() {
        ConfigReader reader = new ConfigReader(flags(Map.of("operator.secret", "hush")));
        reader.problem("operator.secret", "8 characters or more");

        assertThat(reader.optionalText("operator.secret")).isPresent();
        assertThat(refused(reader)).hasMessageContaining("8 characters").hasMessageNotContaining("hush");
    }

    private static ConfigSource flags(Map<String, String> values) {
        return ConfigSource.builder().flags(values).build();
    }

    private static ConfigException refused(ConfigReader reader) {
        return catchThrowableOfType(ConfigException.class, reader::finish);
    }
}
