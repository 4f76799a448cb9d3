package io.longline.deploy.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longline.deploy.cluster.ClusterException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UplinkFilesTest {
    private static final UplinkFiles.Rotation ROTATION = new UplinkFiles.Rotation(20, Duration.ofMinutes(1));

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path parent;

    private Instant now = Instant.parse("2026-11-30T17:00:00Z");

    private UplinkFiles open() throws IOException {
        return new UplinkFiles(parent.resolve("out"), "order.g", ROTATION, () -> now);
    }

    private static List<byte[]> lines(String... lines) {
        return Arrays.stream(lines).map(line -> line.getBytes(UTF_8)).toList();
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(parent.resolve("out"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.endsWith(".lock"))
                    .sorted()
                    .toList();
        }
    }

    private String text(String name) throws IOException {
        return Files.readString(parent.resolve("out").resolve(name));
    }

    @Test
    void aFileIsCompleteWhenItIsLargeEnough() throws IOException {
        try (UplinkFiles files = open()) {
            files.write(lines("{\"a\":1}"));
            assertThat(names()).containsExactly("order.g-20261130T170000.000Z.jsonl.part");
            files.write(lines("{\"b\":2}", "{\"c\":3}"));
            assertThat(names()).containsExactly("order.g-20261130T170000.000Z.jsonl");
            files.write(lines("{\"d\":4}"));
        }
        assertThat(names())
                .containsExactly("order.g-20261130T170000.000Z-2.jsonl", "order.g-20261130T170000.000Z.jsonl");
        assertThat(text("order.g-20261130T170000.000Z.jsonl")).isEqualTo("{\"a\":1}\n{\"b\":2}\n{\"c\":3}\n");
        assertThat(text("order.g-20261130T170000.000Z-2.jsonl")).isEqualTo("{\"d\":4}\n");
    }

    @Test
    void orOldEnough() throws IOException {
        try (UplinkFiles files = open()) {
            files.write(lines("{}"));
            now = now.plusSeconds(59);
            files.rotate();
            assertThat(names().getFirst()).endsWith(".part");
            now = now.plusSeconds(1);
            files.rotate();
            assertThat(names()).containsExactly("order.g-20261130T170000.000Z.jsonl");
        }
    }

    @Test
    void whatWasLeftIsCompletedWithoutALineThatHasNoEnd() throws IOException {
        Path out = Files.createDirectories(parent.resolve("out"));
        Files.writeString(out.resolve("order.g-1.jsonl.part"), "{\"a\":1}\n{\"b\":");
        Files.writeString(out.resolve("order.g-2.jsonl.part"), "{\"c\"");
        Files.writeString(out.resolve("other.g-1.jsonl.part"), "{\"d\"");

        open().close();

        assertThat(names()).containsExactly("order.g-1.jsonl", "other.g-1.jsonl.part");
        assertThat(text("order.g-1.jsonl")).isEqualTo("{\"a\":1}\n");
    }

    @Test
    void oneProgramWritesAGroupIntoAFolder() throws IOException {
        try (UplinkFiles _ = open()) {
            assertThatThrownBy(this::open)
                    .isInstanceOf(ClusterException.class)
                    .hasMessageContaining("another `longline uplinks`");
        }
        open().close();
    }
}
