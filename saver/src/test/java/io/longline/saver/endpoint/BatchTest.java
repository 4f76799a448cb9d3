package io.longline.saver.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longline.keeper.error.LonglineException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class BatchTest {

    @Test
    void itemsRunSideBySideAndAreAnsweredInOrder() {
        CountDownLatch all = new CountDownLatch(100);
        List<Integer> items = IntStream.range(0, 100).boxed().toList();

        List<Integer> answers = Batch.together(items, item -> {
            all.countDown();
            awaitQuietly(all);
            return item;
        });
        assertThat(answers).isEqualTo(items);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void togetherTellsOfAFailure() {
        assertThatThrownBy(() -> Batch.together(List.of(1, 2), item -> {
                    throw LonglineException.invalid("item", "is " + item);
                }))
                .isInstanceOf(LonglineException.class);
    }
}
