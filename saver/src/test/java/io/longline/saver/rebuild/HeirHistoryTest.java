package io.longline.saver.rebuild;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.saver.endpoint.Endpoint;
import io.longline.saver.journal.JournalEntry.Heir;
import org.junit.jupiter.api.Test;

final class HeirHistoryTest {
    private final Endpoint nobody = new Endpoint("demo", "u1", "default");
    private final HeirHistory heirs = new HeirHistory();

    private void decided(long version, String heir) {
        heirs.add(new Heir("demo", "u1", version, heir));
    }

    @Test
    void withoutADecisionTheMessageIsWhereItWasStored() {
        assertThat(heirs.holder(nobody, 10)).isEqualTo(nobody);
    }

    @Test
    void theNextDecisionSaysWhoHasIt() {
        decided(20, "phone");
        decided(30, "default");
        decided(40, "");
        decided(50, "pad");

        assertThat(heirs.holder(nobody, 10)).isEqualTo(nobody.withDevice("phone"));
        assertThat(heirs.holder(nobody, 25)).isEqualTo(nobody);
        assertThat(heirs.holder(nobody, 35)).isEqualTo(nobody);
        assertThat(heirs.holder(nobody, 45)).isEqualTo(nobody.withDevice("pad"));
        assertThat(heirs.holder(nobody, 55)).isEqualTo(nobody);
    }

    @Test
    void whatWasStoredForADeviceStaysThere() {
        decided(20, "phone");

        assertThat(heirs.holder(nobody.withDevice("pad"), 10)).isEqualTo(nobody.withDevice("pad"));
        assertThat(heirs.holder(new Endpoint("demo", "u2", "default"), 10).device())
                .isEqualTo("default");
    }
}
