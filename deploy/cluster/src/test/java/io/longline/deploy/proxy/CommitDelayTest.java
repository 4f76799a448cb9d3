package io.longline.deploy.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CommitDelayTest {
    private final CommitDelay delay = new CommitDelay(() -> Duration.ofSeconds(2));

    @ParameterizedTest
    @ValueSource(strings = {"COMMIT", "commit", "Commit /* of a batch */"})
    void aCommitIsHeldBack(String text) {
        byte[] packet = query(text);
        assertThat(delay.of(packet, packet.length)).isEqualTo(Duration.ofSeconds(2));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ROLLBACK", "SELECT 'COMMIT'", "com", ""})
    void nothingElseIs(String text) {
        byte[] packet = query(text);
        assertThat(delay.of(packet, packet.length)).isEqualTo(Duration.ZERO);
    }

    @Test
    void anotherCommandOfTheSameTextIsNone() {
        byte[] packet = query("COMMIT");
        packet[4] = 0x16; // a prepared statement
        assertThat(delay.of(packet, packet.length)).isEqualTo(Duration.ZERO);
    }

    private static byte[] query(String text) {
        byte[] words = text.getBytes(StandardCharsets.US_ASCII);
        byte[] packet = new byte[words.length + 5];
        packet[0] = (byte) (words.length + 1);
        packet[4] = 3;
        System.arraycopy(words, 0, packet, 5, words.length);
        return packet;
    }
}
