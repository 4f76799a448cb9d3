package io.longline.coordinator.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReferencesTest {
    private final References references = new References(1_000);

    @Test
    void aStreamMayHaveAsManyAsAreLeftForOthers() {
        assertThat(references.take(0, 512)).isEqualTo(512);
        assertThat(references.take(512, 512)).as("488 are left").isZero();
        assertThat(references.take(0, 400)).isEqualTo(400);
        assertThat(references.take(400, 10)).isZero();
        assertThat(references.take(0, 512)).isEqualTo(88);
        assertThat(references.size()).isEqualTo(1_000);
    }

    @Test
    void aStreamThatHasNoneGetsAFewWhateverThereIs() {
        assertThat(references.take(0, 5_000)).isEqualTo(1_000);
        assertThat(references.take(0, 512)).isEqualTo(16);
        assertThat(references.take(0, 3)).isEqualTo(3);
        assertThat(references.take(3, 512)).isZero();
    }

    @Test
    void whatIsGivenBackIsThereForOthers() {
        references.take(0, 1_000);
        references.giveBack(600);
        assertThat(references.take(400, 512)).isEqualTo(200);
    }
}
