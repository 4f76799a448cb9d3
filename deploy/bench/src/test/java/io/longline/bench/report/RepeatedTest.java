package io.longline.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RepeatedTest {

    private static Result run(double rate) {
        Result run = new Result("login");
        run.figure("logins a CPU second", rate);
        return run;
    }

    @Test
    void figuresStandSideBySideWithTheirMedianAndHowFarTheFarthestIsFromIt() {
        Result all = Repeated.of(List.of(run(100), run(120), run(110)));

        assertThat(all.figures()).isEqualTo(Map.of("logins a CPU second", 110.0));
        assertThat(all.tables().getFirst().columns())
                .containsExactly("figure", "run 1", "run 2", "run 3", "median", "farthest from it %");
        List<Object> row = all.tables().getFirst().rows().getFirst();
        assertThat(row.subList(0, 5)).containsExactly("logins a CPU second", 100.0, 120.0, 110.0, 110.0);
        assertThat((Double) row.get(5)).isBetween(9.0, 9.1);
        assertThat(all.isGood()).isTrue();
    }

    @Test
    void aFigureThatOneRunLacksIsLeftOut() {
        Result lacking = new Result("login");

        assertThat(Repeated.of(List.of(lacking, run(100))).figures()).isEmpty();
    }

    @Test
    void whatFailedInOneRunFailsAll() {
        Result bad = run(100);
        bad.failed("3 messages did not arrive");

        Result all = Repeated.of(List.of(run(100), bad));

        assertThat(all.isGood()).isFalse();
        assertThat(all.faults()).containsExactly("run 2: 3 messages did not arrive");
    }
}
