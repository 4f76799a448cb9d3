package io.longline.bench.crowd;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StampTest {

    @Test
    void itIsReadAsItWasWritten() {
        Stamp stamp = new Stamp(3, 41, 123_456_789_012L);

        assertThat(stamp.text(256)).hasSize(256);
        assertThat(Stamp.of(stamp.text(256))).isEqualTo(stamp);
        assertThat(Stamp.of(stamp.text(1))).isEqualTo(stamp);
    }

    @Test
    void otherTextsAreNone() {
        assertThat(Stamp.isOne(new Stamp(1, 2, 3).text(10))).isTrue();
        assertThat(Stamp.isOne("xxxx")).isFalse();
    }
}
