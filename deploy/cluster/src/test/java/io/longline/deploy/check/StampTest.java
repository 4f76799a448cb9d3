package io.longline.deploy.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.deploy.check.history.EndpointId;
import io.longline.deploy.check.history.Stamp;
import java.util.List;
import org.junit.jupiter.api.Test;

final class StampTest {
    private final Stamp stamp = new Stamp(42, "shop", List.of("u1/phone"));

    @Test
    void aPayloadNamesItsMessageAndIsReadBack() {
        assertThat(Stamp.read(stamp.text(300))).contains(stamp);
        assertThat(stamp.text(300)).hasSizeBetween(290, 310);
    }

    @Test
    void whatWasDamagedOrIsNoneOfOursIsNotRead() {
        assertThat(Stamp.read(stamp.text(100).replace("42", "43"))).isEmpty();
        assertThat(Stamp.read("another body")).isEmpty();
        assertThat(Stamp.read(null)).isEmpty();
    }

    @Test
    void itIsForItsEndpointAlone() {
        assertThat(stamp.isFor(new EndpointId("shop", "u1", "phone"))).isTrue();
        assertThat(stamp.isFor(new EndpointId("shop", "u1", "web"))).isFalse();
        assertThat(stamp.isFor(new EndpointId("shop", "u2", "phone"))).isFalse();
        assertThat(stamp.isFor(new EndpointId("bank", "u1", "phone"))).isFalse();
        assertThat(new Stamp(1, "shop", List.of("u1/*")).isFor(new EndpointId("shop", "u1", "web")))
                .isTrue();
        assertThat(new Stamp(1, "shop", List.of("u1/default")).isFor(new EndpointId("shop", "u1", "web")))
                .as("the heir")
                .isTrue();
    }

    @Test
    void thatOfAListIsForItsTargetsAlone() {
        Stamp list = new Stamp(1, "shop", List.of("u1/*", "u2/phone"));
        assertThat(Stamp.read(list.text(300))).contains(list);
        assertThat(list.isFor(new EndpointId("shop", "u1", "web"))).isTrue();
        assertThat(list.isFor(new EndpointId("shop", "u2", "phone"))).isTrue();
        assertThat(list.isFor(new EndpointId("shop", "u2", "web"))).isFalse();
        assertThat(list.isFor(new EndpointId("shop", "u3", "phone"))).isFalse();
    }
}
