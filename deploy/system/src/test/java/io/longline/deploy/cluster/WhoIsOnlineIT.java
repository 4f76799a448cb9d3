package io.longline.deploy.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.deploy.kit.JsonLink;
import io.longline.deploy.kit.SharedCluster;
import io.longline.deploy.kit.TestProduct;
import io.longline.keeper.product.Durability;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Clients ask who is online, where their product lets them. */
final class WhoIsOnlineIT {
    @RegisterExtension
    static final SharedCluster cluster = new SharedCluster();

    private static String ask(String... users) {
        return "{\"presence\":{\"ref\":1,\"users\":[\"" + String.join("\",\"", users) + "\"]}}";
    }

    @Test
    void aClientIsToldWhoIsOnlineAtWhicheverRoom() {
        String watcher = SharedCluster.fresh("watcher");
        String here = SharedCluster.fresh("here");
        String never = SharedCluster.fresh("never");
        try (JsonLink asks = cluster.connect(0, watcher);
                JsonLink other = cluster.connect(1, here)) {
            asks.say(ask(here, never));

            JsonNode state = asks.frames().skipTo("presence_state", "caught_up");
            assertThat(state.path("ref").asInt()).isEqualTo(1);
            assertThat(state.path("users")).hasSize(2);
            JsonNode first = state.path("users").get(0);
            assertThat(first.path("user").asText()).isEqualTo(here);
            assertThat(first.path("online").asBoolean()).isTrue();
            assertThat(first.path("last_seen_ms").asLong()).isPositive();
            JsonNode second = state.path("users").get(1);
            assertThat(second.path("user").asText()).isEqualTo(never);
            assertThat(second.path("online").asBoolean(true)).isFalse();
            assertThat(second.has("last_seen_ms")).isFalse();

            asks.say(ask(never));
            JsonNode error = asks.frames().skipTo("error");
            assertThat(error.path("reason").asText()).isEqualTo("USER_RATE_EXCEEDED");
            assertThat(error.path("retry_after_ms").asLong()).isBetween(1L, 60_000L);
            assertThat(other.isClosed()).isFalse();
        }
    }

    @Test
    void aProductThatDoesNotLetThemIsTheUsualOne() {
        TestProduct product = cluster.product(Durability.REDIS, 64);
        try (JsonLink asks = cluster.connect(0, product, "watcher", "phone")) {
            asks.say(ask("watcher"));

            JsonNode error = asks.frames().skipTo("error", "caught_up");
            assertThat(error.path("reason").asText()).isEqualTo("PERMISSION_DENIED");
            assertThat(error.path("ref").asInt()).isEqualTo(1);
        }
    }
}
