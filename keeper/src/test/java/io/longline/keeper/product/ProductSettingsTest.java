package io.longline.keeper.product;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProductSettingsTest {
    private static final Product SHOP = Product.create("shop", Durability.MYSQL);

    @Test
    void numbersTextsPartsAndListsAreSet() {
        Product set = ProductSettings.set(
                SHOP,
                Map.of("window", "8", "durability", "redis", "heartbeat.min_s", "5", "open_topics", "news*,sport"));

        assertThat(set.window()).isEqualTo(8);
        assertThat(set.durability()).isEqualTo(Durability.REDIS);
        assertThat(set.heartbeat()).isEqualTo(new Heartbeats(240, 5, 600));
        assertThat(set.openTopics()).containsExactly("news*", "sport");
        assertThat(ProductSettings.set(set, Map.of("open_topics", "")).openTopics())
                .isEmpty();
    }

    @Test
    void limitsAreSetEachByItselfAndMayBeLarge() {
        Product set = ProductSettings.set(
                SHOP, Map.of("limits.rate_per_s", "5000", "limits.daily_quota", "8600000000", "window", "8"));

        assertThat(set.limits()).isEqualTo(new SendLimits(5000, 8_600_000_000L, 0, 0, 0, 0));
        assertThat(ProductSettings.set(set, Map.of("limits.rate_per_s", "0")).limits())
                .isEqualTo(new SendLimits(0, 8_600_000_000L, 0, 0, 0, 0));
    }

    @Test
    void theSecondDeviceIsSetByItsParts() {
        Product set = ProductSettings.set(SHOP, Map.of("second_device.policy", "replace"));

        assertThat(set.secondDevice()).isEqualTo(new SecondDevice(SecondDevice.Policy.REPLACE, 1));
        assertThat(ProductSettings.set(set, Map.of("second_device.most", "4")).secondDevice())
                .isEqualTo(new SecondDevice(SecondDevice.Policy.REPLACE, 4));
    }

    @Test
    void thePaceOfBroadcastsIsSetByItsParts() {
        Product set = ProductSettings.set(SHOP, Map.of("broadcasts.most_per_s", "2000"));

        assertThat(set.broadcasts()).isEqualTo(new BroadcastLimits(0, 2_000));
        assertThat(ProductSettings.set(set, Map.of("broadcasts.default_per_s", "500"))
                        .broadcasts())
                .isEqualTo(new BroadcastLimits(500, 2_000));
        assertThat(ProductSettings.set(set, Map.of("broadcasts.most_bytes_per_s", "9000000"))
                        .broadcasts())
                .isEqualTo(new BroadcastLimits(0, 2_000, 0, 9_000_000));
    }

    @Test
    void theMergeWindowOfAllTopicsIsSetAndThoseOfSomeStay() {
        Product some = SHOP.with("merge", new MergeWindows(0, Map.of("news", 5)));

        assertThat(ProductSettings.set(some, Map.of("merge.window_ms", "20")).merge())
                .isEqualTo(new MergeWindows(20, Map.of("news", 5)));
    }

    @Test
    void theLimitsOfLogsAreSetEachByItselfAndThoseOfSomeTopicsStay() {
        Map<String, LogBounds> some = Map.of("news", new LogBounds(5, 0, 0));
        Product set = ProductSettings.set(
                SHOP.with("topic_log", new LogLimits(0, 0, 0, some)),
                Map.of("topic_log.messages", "100", "topic_log.bytes", "3000000000"));

        assertThat(set.topicLog()).isEqualTo(new LogLimits(100, 3_000_000_000L, 0, some));
        assertThat(ProductSettings.set(set, Map.of("topic_log.ttl_s", "60"))
                        .topicLog()
                        .ttlS())
                .isEqualTo(60);
    }

    @Test
    void whatIsSoOrNotIsSetAsTrueOrFalse() {
        Product open = ProductSettings.set(SHOP, Map.of("presence.clients", "true"));

        assertThat(open.presence()).isEqualTo(new PresenceRules(true, false, 3_000));
        assertThat(ProductSettings.set(open, Map.of("presence.clients", "false"))
                        .presence())
                .isEqualTo(PresenceRules.DEFAULT);
    }

    @Test
    void whetherAndHowSoonPresenceIsToldIsSet() {
        Product told = ProductSettings.set(SHOP, Map.of("presence.events", "true", "presence.debounce_ms", "500"));

        assertThat(told.presence()).isEqualTo(new PresenceRules(false, true, 500));
        assertThat(ProductSettings.set(told, Map.of("presence.events", "false")).tellsPresence())
                .isFalse();
    }

    @Test
    void whatSuitsOnlyTogetherIsSetTogether() {
        Map<String, String> shorter =
                Map.of("heartbeat.interval_s", "10", "heartbeat.min_s", "5", "heartbeat.max_s", "20");

        assertThat(ProductSettings.set(SHOP, shorter).heartbeat()).isEqualTo(new Heartbeats(10, 5, 20));
        assertThatThrownBy(() -> ProductSettings.set(SHOP, Map.of("heartbeat.max_s", "20")))
                .hasMessageContaining("heartbeat.interval_s");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            colour             | red   | colour
            id                 | other | id
            api_keys           | x     | api_keys
            heartbeat          | 5     | heartbeat
            heartbeat.colour   | 5     | heartbeat.colour
            heartbeat.min_s.ms | 5     | heartbeat.min_s.ms
            window             | much  | window
            window             | 0     | window
            window             | 3000000000 | window
            limits             | 5     | limits
            limits.rate_per_s  | -1    | limits.rate_per_s
            limits.rate_per_s  | 1e3   | limits.rate_per_s
            durability         | paper | paper
            second_device.policy | ask | ask
            second_device.most | 0     | second_device.most
            broadcasts         | 5     | broadcasts
            broadcasts.most_per_s | -1 | broadcasts.most_per_s
            broadcasts.default_per_s | 1000001 | broadcasts.default_per_s
            broadcasts.most_bytes_per_s | 2000000001 | broadcasts.most_bytes_per_s
            broadcasts.default_bytes_per_s | x | broadcasts.default_bytes_per_s
            merge              | 5     | merge
            merge.window_ms    | 1001  | merge.window_ms
            merge.topics       | a=5   | merge.topics
            topic_log          | 5     | topic_log
            topic_log.messages | 1000001 | topic_log.messages
            topic_log.bytes    | 1MiB  | topic_log.bytes
            topic_log.ttl_s    | -1    | topic_log.ttl_s
            topic_log.topics   | a=5   | topic_log.topics
            uplinks.session_per_minute | -1 | uplinks.session_per_minute
            presence | true | presence
            presence.clients | yes | presence.clients
            presence.events | yes | presence.events
            presence.debounce_ms | 60001 | presence.debounce_ms
            callbacks.targets | x | callbacks.targets
            callbacks.networks | 10.0.0.1/8 | callbacks.networks
            """)
    void whatIsNoSettingIsRefusedByName(String name, String text, String said) {
        assertThatThrownBy(() -> ProductSettings.set(SHOP, Map.of(name, text))).hasMessageContaining(said);
    }
}
