package io.longline.center.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.shard.Shards;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShardPagesTest {
    private static final ShardPages<String> PAGES = new ShardPages<>("register", name -> name);
    private static final Map<Integer, List<String>> NAMES = Map.of(
            0, List.of("a", "b", "c"),
            1, List.of("d"),
            20, List.of("e", "f"),
            255, List.of("g"));

    private static CompletableFuture<List<String>> ask(int shard, String after, int limit) {
        return CompletableFuture.completedFuture(NAMES.getOrDefault(shard, List.of()).stream()
                .filter(name -> name.compareTo(after) > 0)
                .limit(limit)
                .toList());
    }

    /** What all pages have, each preceded by where it begins. */
    private static List<String> all(int limit) {
        List<String> all = new ArrayList<>();
        Optional<ShardPlace> next = Optional.of(ShardPlace.FIRST);
        while (next.isPresent()) {
            ShardPage<String> page = PAGES.read(next.get(), limit, ShardPagesTest::ask);
            all.add(next.get().text());
            all.addAll(page.items());
            next = page.next();
        }
        return all;
    }

    @Test
    void everyNameIsInOnePage() {
        assertThat(all(2)).containsExactly("0.", "a", "b", "0.b", "c", "d", "20.", "e", "f", "255.", "g");
        assertThat(all(3)).containsExactly("0.", "a", "b", "c", "1.", "d", "e", "f", "255.", "g");
        assertThat(all(7)).as("nothing follows").containsExactly("0.", "a", "b", "c", "d", "e", "f", "g");
    }

    @Test
    void aShardThatDoesNotAnswerIsNamedUnlessThePageIsFullBefore() {
        ShardPages.Shard<String> broken = (shard, after, limit) -> shard < 20
                ? ask(shard, after, limit)
                : CompletableFuture.failedFuture(new LonglineException(ErrorCode.DEADLINE_EXCEEDED, "nobody answered"));

        assertThat(PAGES.read(ShardPlace.FIRST, 3, broken).items()).containsExactly("a", "b", "c");
        assertThatThrownBy(() -> PAGES.read(ShardPlace.FIRST, 5, broken))
                .isInstanceOfSatisfying(
                        LonglineException.class,
                        error -> assertThat(error.dependency()).contains("register"));
    }

    @Test
    void aPlaceIsReadBack() {
        ShardPlace place = new ShardPlace(Shards.COUNT - 1, "a.b");

        assertThat(ShardPlace.read("after", Optional.of(place.text()))).isEqualTo(place);
        assertThat(ShardPlace.read("after", Optional.of("3."))).isEqualTo(new ShardPlace(3, ""));
        assertThat(ShardPlace.read("after", Optional.empty())).isEqualTo(ShardPlace.FIRST);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", ".a", "256.a", "1000.a", "3.a b"})
    void whatIsNoPlaceIsRefusedWithTheNameOfItsField(String text) {
        assertThatThrownBy(() -> ShardPlace.read("after", Optional.of(text)))
                .isInstanceOfSatisfying(LonglineException.class, error -> {
                    assertThat(error.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
                    assertThat(error.details().getFirst().field()).isEqualTo("after");
                });
    }
}
