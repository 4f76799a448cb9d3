package io.longline.center.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.longline.keeper.error.FieldProblem;
import io.longline.keeper.error.LonglineException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FieldsTest {

    private enum Color {
        RED,
        GREEN
    }

    private static Fields fields(String json) {
        return JsonBody.read(json.getBytes(StandardCharsets.UTF_8)).fields();
    }

    private static List<FieldProblem> problems(Fields fields) {
        return catchThrowableOfType(LonglineException.class, fields::finish).details();
    }

    @Test
    void whatIsLeftOutOrNullHasItsDefault() {
        Fields fields = fields("{\"b\":null,\"o\":null}");

        assertThat(fields.integer("a", 5, 1, 9)).isEqualTo(5);
        assertThat(fields.integer("b", 6, 1, 9)).isEqualTo(6);
        assertThat(fields.text("c")).isEmpty();
        assertThat(fields.choice("d", Color.GREEN)).isEqualTo(Color.GREEN);
        assertThat(fields.object("o").flag("e", true)).isTrue();
        assertThat(fields.texts("f", 1, 1)).isEmpty();
        fields.finish();
    }

    @Test
    void everyProblemIsToldAtOnceWithItsPath() {
        Fields fields = fields("{\"n\":10,\"t\":1,\"o\":{\"c\":\"blue\",\"typo\":1},\"other\":2}");
        fields.integer("n", 5, 1, 9);
        fields.text("t");
        fields.object("o").choice("c", Color.RED);
        fields.require("missing");

        assertThat(problems(fields))
                .containsExactly(
                        new FieldProblem("n", "expected 1 to 9, got 10"),
                        new FieldProblem("t", "expected a string"),
                        new FieldProblem("o.c", "expected red, green"),
                        new FieldProblem("missing", "is required"),
                        new FieldProblem("other", "unknown field, expected one of missing, n, o, t"),
                        new FieldProblem("o.typo", "unknown field, expected one of c"));
    }

    @Test
    void whereNoFieldIsKnownNoneIsExpected() {
        Fields fields = fields("{\"typo\":1}");

        assertThat(fields.isEmpty()).isFalse();
        assertThat(fields("{}").isEmpty()).isTrue();
        assertThat(problems(fields)).containsExactly(new FieldProblem("typo", "unknown field, expected none"));
    }

    @Test
    void theMessageNamesTheFirstProblemAndCountsTheOthers() {
        Fields fields = fields("{\"x\":1,\"y\":2}");
        fields.require("a");

        LonglineException error = catchThrowableOfType(LonglineException.class, fields::finish);

        assertThat(error.getMessage()).isEqualTo("a: is required (and 2 more, see details)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"5\"", "5.0", "5e0", "true", "[]", "{}", "1e2"})
    void anIntegerIsAWholeJsonNumber(String value) {
        Fields fields = fields("{\"n\":" + value + "}");
        fields.integer("n", 1, 0, 1000);

        assertThat(problems(fields)).containsExactly(new FieldProblem("n", "expected a whole number from 0 to 1000"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "1001", "99999999999999999999999999"})
    void anIntegerKeepsItsBounds(String value) {
        Fields fields = fields("{\"n\":" + value + "}");
        fields.integer("n", 1, 0, 1000);

        assertThat(problems(fields)).containsExactly(new FieldProblem("n", "expected 0 to 1000, got " + value));
    }

    @Test
    void a64BitNumberMayBeAString() {
        Fields fields = fields("{\"a\":\"1700000000000\",\"b\":1700000000000,\"c\":\"-3\"}");

        assertThat(fields.longInteger("a", 0, 0, Long.MAX_VALUE)).isEqualTo(1_700_000_000_000L);
        assertThat(fields.longInteger("b", 0, 0, Long.MAX_VALUE)).isEqualTo(1_700_000_000_000L);
        assertThat(fields.longInteger("c", 0, -5, 5)).isEqualTo(-3);
        fields.finish();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"\"", "\"1.5\"", "\" 1\"", "\"0x10\"", "\"99999999999999999999\"", "1.5"})
    void aStringThatIsNoNumberIsNone(String value) {
        Fields fields = fields("{\"n\":" + value + "}");
        fields.longInteger("n", 0, 0, 100);

        assertThat(problems(fields)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a/b", "a?b", "a#b", "a%b", "ä", "a\\nb"})
    void idsAreChecked(String id) {
        Fields fields = fields("{\"id\":\"" + id + "\"}");

        assertThat(fields.requiredId("id")).isEmpty();
        assertThat(problems(fields))
                .hasSize(1)
                .first()
                .extracting(FieldProblem::field)
                .isEqualTo("id");
    }

    @Test
    void anIdMayHave128Bytes() {
        assertThat(fields("{\"id\":\"" + "x".repeat(128) + "\"}").requiredId("id"))
                .hasSize(128);
        Fields longer = fields("{\"id\":\"" + "x".repeat(129) + "\"}");
        longer.requiredId("id");
        assertThat(problems(longer)).hasSize(1);
    }

    @Test
    void halfASurrogatePairIsNoText() {
        Fields fields = fields("{\"t\":\"a\\ud800b\",\"l\":[\"\\udc00\"]}");
        fields.text("t");
        fields.texts("l", 5, 5);

        assertThat(problems(fields)).extracting(FieldProblem::field).containsExactly("t", "l[0]");
    }

    @Test
    void listsAreBoundedInLengthAndItems() {
        Fields fields = fields("{\"a\":[\"x\",\"y\"],\"b\":[\"xx\",1,\"\"],\"c\":\"x\"}");
        fields.texts("a", 1, 9);
        fields.texts("b", 3, 1);
        fields.texts("c", 3, 1);

        assertThat(problems(fields)).extracting(FieldProblem::field).containsExactly("a", "b[0]", "b[1]", "b[2]", "c");
    }
}
