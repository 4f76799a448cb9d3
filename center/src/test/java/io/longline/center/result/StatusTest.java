package io.longline.center.result;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StatusTest {

    @Test
    void aMessageIsAsFarAsItsLeastAdvancedCopy() {
        assertThat(Status.ofMessage(List.of(Status.ACKED, Status.STORED, Status.WRITTEN)))
                .isEqualTo(Status.STORED);
        assertThat(Status.ofMessage(List.of(Status.ACKED, Status.WRITTEN))).isEqualTo(Status.WRITTEN);
        assertThat(Status.ofMessage(List.of(Status.DROPPED, Status.ACCEPTED))).isEqualTo(Status.ACCEPTED);
    }

    @Test
    void whereAllAreFinalItIsAckedIfAnyIs() {
        assertThat(Status.ofMessage(List.of(Status.DROPPED, Status.ACKED, Status.EXPIRED)))
                .isEqualTo(Status.ACKED);
        assertThat(Status.ofMessage(List.of(Status.DROPPED, Status.EXPIRED))).isEqualTo(Status.EXPIRED);
        assertThat(Status.ofMessage(List.of(Status.DROPPED))).isEqualTo(Status.DROPPED);
    }

    @ParameterizedTest
    @EnumSource(
            value = Status.class,
            names = {"ACCEPTED", "SCHEDULED", "STORED"})
    void theseAreStillOpen(Status status) {
        assertThat(status.isOpen()).isTrue();
        assertThat(status.isFinal()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(
            value = Status.class,
            names = {"ACKED", "EXPIRED", "COLLAPSED", "RECALLED", "DROPPED", "NO_TARGET"})
    void theseAreFinal(Status status) {
        assertThat(status.isFinal()).isTrue();
        assertThat(status.isOpen()).isFalse();
    }

    @Test
    void writtenIsNeither() {
        assertThat(Status.WRITTEN.isOpen()).isFalse();
        assertThat(Status.WRITTEN.isFinal()).isFalse();
        assertThat(Status.NO_TARGET.text()).isEqualTo("no_target");
    }
}
