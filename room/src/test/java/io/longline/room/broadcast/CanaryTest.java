package io.longline.room.broadcast;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class CanaryTest {

    private static long has(Canary canary) {
        return IntStream.range(0, 20_000).filter(i -> canary.has("u" + i)).count();
    }

    @Test
    void aboutSoManyOfAThousandAreInIt() {
        assertThat(has(new Canary("demo", "j1", 10))).isBetween(120L, 280L);
        assertThat(has(new Canary("demo", "j1", 500))).isBetween(9_600L, 10_400L);
    }

    @Test
    void zeroAndAThousandAreEverybody() {
        assertThat(has(new Canary("demo", "j1", 0))).isEqualTo(20_000);
        assertThat(has(new Canary("demo", "j1", 1_000))).isEqualTo(20_000);
    }

    @Test
    void whoIsInASmallOneIsInALargerOneOfTheJob() {
        Canary small = new Canary("demo", "j1", 50);
        Canary large = new Canary("demo", "j1", 100);

        assertThat(IntStream.range(0, 20_000).mapToObj(i -> "u" + i).filter(small::has))
                .isNotEmpty()
                .allMatch(large::has);
    }

    @Test
    void otherJobsHaveOthers() {
        Canary one = new Canary("demo", "j1", 100);
        Canary other = new Canary("demo", "j2", 100);

        assertThat(IntStream.range(0, 20_000)
                        .mapToObj(i -> "u" + i)
                        .filter(one::has)
                        .filter(other::has)
                        .count())
                .isBetween(100L, 300L);
    }

    @Test
    void theHashIsWhatTheContractSays() {
        CRC32C crc = new CRC32C();
        crc.update("demo\0u1001\0j1".getBytes(StandardCharsets.UTF_8));

        assertThat(new Canary("demo", "j1", 100).number("u1001")).isEqualTo(crc.getValue() % 1_000);
    }
}
