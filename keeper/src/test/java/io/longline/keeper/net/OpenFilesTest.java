package io.longline.keeper.net;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OpenFilesTest {
    @ParameterizedTest
    @CsvSource({"20000, 19000", "1024, 512", "2001, 1001", "9223372036854775807, 10000000"})
    void aThousandAreKeptFromClientsForTheProcessItself(long limit, int clients) {
        assertThat(OpenFiles.forClients(limit, 10_000_000)).isEqualTo(clients);
    }

    @ParameterizedTest
    @CsvSource({"20000, 6666", "300, 100", "60000, 10000", "2, 1"})
    void aPortHasAThird(long limit, int connections) {
        assertThat(OpenFiles.forPort(limit, 10_000)).isEqualTo(connections);
    }

    @Test
    void someAreLeft() {
        assertThat(OpenFiles.left()).isPositive();
    }
}
