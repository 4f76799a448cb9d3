package io.longline.saver.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import org.junit.jupiter.api.Test;

final class EndpointTest {

    @Test
    void itsTextIsReadAgain() {
        Endpoint endpoint = new Endpoint("demo", "u:1{x}", "a.b-c");

        assertThat(endpoint.text()).isEqualTo("demo/u:1{x}/a.b-c");
        assertThat(Endpoint.parse(endpoint.text())).isEqualTo(endpoint);
    }

    @Test
    void allDevicesOfAUserAreInOneShard() {
        Endpoint phone = new Endpoint("demo", "u1", "phone");

        assertThat(phone.withDevice("pad").shard()).isEqualTo(phone.shard());
    }

    @Test
    void anIdThatIsNoneIsNamed() {
        assertThatThrownBy(() -> Endpoint.checked("demo", "a/b", "phone"))
                .isInstanceOfSatisfying(LonglineException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
                    assertThat(e.details())
                            .singleElement()
                            .satisfies(problem -> assertThat(problem.field()).isEqualTo("endpoint.user"));
                });
        assertThatThrownBy(() -> Endpoint.checked("", "u1", "phone")).hasMessageContaining("endpoint.product");
        assertThatThrownBy(() -> Endpoint.checked("demo", "u1", "")).hasMessageContaining("endpoint.device");
    }

    @Test
    void theNumbersOfStatesInTheJournalStay() {
        assertThat(CopyState.values()).extracting(CopyState::code).containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
        assertThat(CopyState.ofCode(7)).contains(CopyState.DROPPED);
        assertThat(CopyState.ofCode(0)).isEmpty();
    }
}
