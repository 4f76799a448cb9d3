package io.longline.keeper.id;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.FieldProblem;
import io.longline.keeper.error.LonglineException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdsTest {

    @ParameterizedTest
    @ValueSource(strings = {"u", "u1001", "a+b:c@d", "*urgent", "!\"$&'()", "~"})
    void printableAsciiIsAnId(String id) {
        assertThat(Ids.problem(id)).isEmpty();
        assertThat(Ids.require("user", id)).isSameAs(id);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a/b", "a?b", "a#b", "a%b", "\u0007", "ü", "a\u007f"})
    void othersAreNot(String id) {
        assertThat(Ids.problem(id)).isPresent();
    }

    @Test
    void anIdHasAtMost128Characters() {
        assertThat(Ids.problem("x".repeat(128))).isEmpty();
        assertThat(Ids.problem("x".repeat(129))).contains("has 129 characters, expected 1 to 128");
    }

    @Test
    void theProblemNamesTheCharacterAndItsPlace() {
        assertThat(Ids.problem("ab/c"))
                .contains("has '/' at position 2, expected printable ASCII without space and / ? # %");
        assertThat(Ids.problem("ab\n")).get().asString().startsWith("has U+000A at position 2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"demo", "shop-2", "0", "-"})
    void aProductIsLowerCaseLettersDigitsAndDashes(String id) {
        assertThat(Ids.productProblem(id)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Demo", "shop_2", "admin", "a.b", "ü"})
    void othersAreNoProduct(String id) {
        assertThat(Ids.productProblem(id)).isPresent();
    }

    @Test
    void aProductHasAtMost32Characters() {
        assertThat(Ids.productProblem("x".repeat(32))).isEmpty();
        assertThat(Ids.productProblem("x".repeat(33))).isPresent();
    }

    @Test
    void whoRequiresAnIdGetsAnErrorThatNamesTheField() {
        assertThatThrownBy(() -> Ids.require("target.user", ""))
                .isInstanceOfSatisfying(LonglineException.class, error -> {
                    assertThat(error.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
                    assertThat(error.details())
                            .containsExactly(new FieldProblem("target.user", "has 0 characters, expected 1 to 128"));
                });
        assertThatThrownBy(() -> Ids.requireProduct("product", "admin"))
                .hasMessage("product: is reserved for operators");
    }
}
