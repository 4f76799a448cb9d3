package io.longline.center.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.keeper.product.BroadcastLimits;
import io.longline.keeper.product.Durability;
import io.longline.keeper.product.Product;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** How long a broadcast may still take. */
class BroadcastAnswerTest {
    private static final Product SHOP = Product.create("shop", Durability.REDIS);
    private static final Map<String, RoomProgress> ROOMS =
            Map.of("room-1/3", new RoomProgress(100, 60, 4, 40), "room-2/3", new RoomProgress(50, 25, 4, 25));

    private static JsonNode eta(Product product, JobState state, int ratePerS, Map<String, RoomProgress> rooms) {
        Job job = new Job(
                "shop",
                "j1",
                "m1",
                state,
                1,
                2,
                ratePerS,
                0,
                new Progress(0, 0, 0, Map.of()),
                OptionalLong.empty(),
                "",
                false,
                false,
                new Job.Broadcast("*", 0, 0, 100, new BroadcastProgress(7, rooms)),
                null);
        return JobAnswer.of(job, product).get("eta_s");
    }

    @Test
    void itIsWhoIsLeftByThePace() {
        assertThat(eta(SHOP, JobState.RUNNING, 20, ROOMS).asLong()).isEqualTo(4);
        assertThat(eta(SHOP, JobState.PAUSED, 20, ROOMS).asLong()).isEqualTo(4);
        Product calm = SHOP.with("broadcasts", new BroadcastLimits(50, 10));
        assertThat(eta(calm, JobState.RUNNING, 0, ROOMS).asLong()).isEqualTo(7);
        Product narrow = SHOP.with("broadcasts", new BroadcastLimits(0, 0, 0, 1_000));
        assertThat(eta(narrow, JobState.RUNNING, 0, ROOMS).asLong()).isEqualTo(7);
        assertThat(eta(SHOP, JobState.DONE, 20, ROOMS).asLong()).isZero();
    }

    @Test
    void nobodyKnowsItWhereNothingLimitsThePaceOrNobodyWasCountedYet() {
        assertThat(eta(SHOP, JobState.RUNNING, 0, ROOMS).isNull()).isTrue();
        assertThat(eta(SHOP, JobState.QUEUED, 20, Map.of()).isNull()).isTrue();
    }
}
