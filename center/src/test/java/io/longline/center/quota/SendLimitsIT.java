package io.longline.center.quota;

import static io.longline.center.kit.CenterKit.endpoint;
import static org.assertj.core.api.Assertions.assertThat;

import io.longline.center.kit.Api.Answer;
import io.longline.center.kit.CenterKit;
import io.longline.keeper.error.LonglineException;
import io.longline.rpc.v1.GrantRequest;
import io.longline.rpc.v1.SpendRequest;
import io.longline.stores.junit.ZooKeeperExtension;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a product and its users are over, as back ends are told. */
@Timeout(60)
class SendLimitsIT {
    @RegisterExtension
    static final ZooKeeperExtension ZOOKEEPER = new ZooKeeperExtension();

    @SuppressWarnings("NullAway.Init")
    private CenterKit kit;

    @BeforeEach
    void start() {
        kit = new CenterKit(ZOOKEEPER.uri(), Map.of("center.sweep.interval", "1h"));
        kit.register().know(endpoint("u1", "phone"));
    }

    @AfterEach
    void stop() {
        kit.close();
    }

    /** Of {@code shop}; center has them when it answers. */
    private void limit(String limits) {
        Answer changed = kit.operator()
                .exchange("PATCH", "/admin/v1/products/shop", BodyPublishers.ofString("{\"limits\":{" + limits + "}}"));
        assertThat(changed.status()).isEqualTo(200);
    }

    private static String body(String user, String more) {
        return "{\"target\":{\"user\":\"" + user + "\"},\"payload\":\"four\"" + more + "}";
    }

    private Answer send(String user) {
        return kit.api().send(body(user, ""));
    }

    private Answer multicast(String id, String... users) {
        String targets =
                Stream.of(users).map(user -> "{\"user\":\"" + user + "\"}").collect(Collectors.joining(","));
        return kit.api()
                .post(
                        "/v1/messages:multicast",
                        "{\"message_id\":\"" + id + "\",\"targets\":[" + targets + "],\"payload\":\"four\"}");
    }

    private void assertOverRate(Answer answer) {
        assertThat(answer.status()).isEqualTo(429);
        assertThat(answer.text("/error/reason")).isEqualTo("PRODUCT_RATE_EXCEEDED");
        assertThat(answer.text("/error/message")).isEqualTo("product shop is over 5 messages/s");
        assertThat(answer.json().at("/error/retryable").asBoolean()).isTrue();
        assertThat(answer.json().at("/error/retry_after_ms").asLong()).isBetween(1L, 30_000L);
        assertThat(Long.parseLong(answer.header("Retry-After").orElseThrow())).isBetween(1L, 30L);
    }

    @Test
    void aProductOverItsRateGets429AndNothingIsClaimedOrStored() {
        limit("\"rate_per_s\":5");
        kit.quotas().allow(2);

        assertThat(send("u1").status()).isEqualTo(202);
        assertThat(kit.api().post("/v1/simple/u1", "text").status()).isEqualTo(202);
        assertOverRate(kit.api().send(body("u1", ",\"message_id\":\"m-3\"")));
        assertOverRate(kit.api().send(body("u1", ",\"options\":{\"qos\":0}")));

        assertThat(kit.saver().inboxOf(endpoint("u1", "phone"))).hasSize(2);
        limit("\"rate_per_s\":0");
        assertThat(kit.api()
                        .send(body("u1", ",\"message_id\":\"m-3\",\"options\":{\"ttl_s\":7}"))
                        .status())
                .as("the id is free for another body")
                .isEqualTo(202);
    }

    @Test
    void whatIsRefusedCostsNoCallAndOtherProductsGoOn() {
        limit("\"rate_per_s\":5");

        for (int i = 0; i < 300; i++) {
            assertThat(send("u1").status()).isEqualTo(429);
        }

        assertThat(kit.quotas().grants()).extracting(GrantRequest::getRatePerS).containsExactly(5L);
        assertThat(kit.api("news").send(body("u1", "")).status()).isEqualTo(202);
        assertThat(kit.quotas().grants()).hasSize(1);
        assertThat(kit.quotas().spends()).isEmpty();
    }

    @Test
    void aMulticastCountsItsTargetsAndIsRefusedWhole() {
        limit("\"rate_per_s\":5");
        kit.quotas().allow(4);

        assertThat(multicast("m-1", "u1", "a/b", "u2", "u2", "u3").status()).isEqualTo(202);
        assertOverRate(multicast("m-2", "u1", "u2"));
        assertThat(send("u1").status()).isEqualTo(202);

        assertThat(kit.quotas().grants())
                .extracting(GrantRequest::getNeeded)
                .as("wrong targets and doubled ones do not count")
                .containsExactly(3L, 2L, 1L);
        assertThat(kit.saver().messagesNamed("m-2")).isZero();
    }

    @Test
    void anEntryOfABatchIsRefusedAlone() {
        limit("\"rate_per_s\":5");
        kit.quotas().allow(3);
        String all = IntStream.range(0, 5)
                .mapToObj(i -> body("u1", ",\"message_id\":\"b-" + i + "\""))
                .collect(Collectors.joining(","));

        Answer answer = kit.api().post("/v1/messages:batch", "{\"messages\":[" + all + "]}");

        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.json().get("success_count").asInt()).isEqualTo(3);
        assertThat(answer.text("/responses/2/status")).isEqualTo("stored");
        assertThat(answer.text("/responses/3/error/reason")).isEqualTo("PRODUCT_RATE_EXCEEDED");
        assertThat(answer.json().at("/responses/4/error/retry_after_ms").asLong())
                .isPositive();
    }

    @Test
    void repeatsAndQos0CountAndWhatIsOnlyValidatedDoesNot() {
        limit("\"rate_per_s\":5");
        kit.quotas().allow(3);
        String repeated = body("u1", ",\"message_id\":\"m-1\"");

        assertThat(kit.api().send(body("u1", ",\"validate_only\":true")).status())
                .isEqualTo(200);
        assertThat(kit.api().send(repeated).status()).isEqualTo(202);
        assertThat(kit.api().send(repeated).header("Idempotent-Replay")).contains("true");
        assertThat(kit.api().send(body("u1", ",\"options\":{\"qos\":0}")).status())
                .isEqualTo(200);

        assertOverRate(send("u1"));
        assertThat(kit.api().send(body("u1", ",\"validate_only\":true")).status())
                .isEqualTo(200);
    }

    @Test
    void limitsAreChangedInUse() {
        limit("\"rate_per_s\":5");
        assertOverRate(send("u1"));
        kit.quotas().allow(600);

        limit("\"rate_per_s\":5000,\"daily_quota\":10000000000");

        assertThat(send("u1").status()).isEqualTo(202);
        GrantRequest second = kit.quotas().grants().getLast();
        assertThat(second.getWanted()).isEqualTo(501);
        assertThat(second.getDailyQuota()).isEqualTo(10_000_000_000L);
        kit.quotas().allow(0);
        limit("\"rate_per_s\":0,\"daily_quota\":0");
        assertThat(send("u1").status()).isEqualTo(202);
        assertThat(kit.quotas().grants()).hasSize(2);
    }

    @Test
    void theQuotaOfTheDayIsToldAsWhatItIs() {
        limit("\"rate_per_s\":5,\"daily_quota\":100");
        kit.quotas().dayOver();

        Answer answer = send("u1");

        assertThat(answer.status()).isEqualTo(429);
        assertThat(answer.text("/error/reason")).isEqualTo("PRODUCT_RATE_EXCEEDED");
        assertThat(answer.text("/error/message")).isEqualTo("product shop is over 100 messages a day");
    }

    @Test
    void aUserWhoHasHadItsShareIsRefusedAloneAndSentToByARepeat() {
        limit("\"user_messages_per_day\":1,\"user_bytes_per_hour\":4096");
        kit.quotas().fill("u2");

        Answer list = multicast("m-1", "u1", "u2");
        Answer single = send("u2");

        assertThat(list.status()).isEqualTo(202);
        assertThat(list.text("/results/0/status")).isEqualTo("stored");
        assertThat(list.text("/results/1/user")).isEqualTo("u2");
        assertThat(list.text("/results/1/error/reason")).isEqualTo("USER_RATE_EXCEEDED");
        assertThat(list.json().at("/results/1/error/retry_after_ms").asLong()).isEqualTo(30_000);
        assertThat(single.status()).isEqualTo(429);
        assertThat(single.text("/error/reason")).isEqualTo("USER_RATE_EXCEEDED");
        assertThat(single.header("Retry-After")).contains("30");
        assertThat(multicast("m-2", "u2").status()).isEqualTo(429);
        SpendRequest spend = kit.quotas().spends().getFirst();
        assertThat(spend.getBytes()).isEqualTo(4);
        assertThat(spend.getMessagesPerDay()).isEqualTo(1);
        assertThat(spend.getBytesPerHour()).isEqualTo(4096);
        assertThat(spend.getMessagesPerHour() + spend.getBytesPerDay()).isZero();
        assertThat(kit.quotas().grants()).isEmpty();

        kit.quotas().empty("u2");
        Answer again = multicast("m-1", "u1", "u2");
        assertThat(again.header("Idempotent-Replay")).contains("true");
        assertThat(again.text("/results/1/status")).isEqualTo("stored");
        assertThat(kit.saver().messagesNamed("m-1")).isEqualTo(2);
    }

    @Test
    void whatWasTakenIsAnsweredAgainThoughItsUserHasHadItsShare() {
        limit("\"user_messages_per_day\":1");
        String taken = body("u1", ",\"message_id\":\"m-1\"");
        assertThat(kit.api().send(taken).status()).isEqualTo(202);
        kit.quotas().fill("u1");

        Answer again = kit.api().send(taken);

        assertThat(again.status()).isEqualTo(202);
        assertThat(again.header("Idempotent-Replay")).contains("true");
        assertThat(kit.saver().messagesNamed("m-1")).isEqualTo(1);
        assertThat(kit.api().send(body("u1", ",\"message_id\":\"m-2\"")).status())
                .isEqualTo(429);
        assertThat(kit.api()
                        .send(body("u1", ",\"message_id\":\"m-1\",\"options\":{\"ttl_s\":7}"))
                        .status())
                .isEqualTo(409);
        kit.quotas().empty("u1");
        assertThat(kit.api()
                        .send(body("u1", ",\"message_id\":\"m-2\",\"options\":{\"ttl_s\":7}"))
                        .status())
                .as("the id of what was refused is free for another body")
                .isEqualTo(202);
    }

    @Test
    void aListThatFailsAtAllTargetsIsRefusedByWhatMayStillBeSent() {
        limit("\"user_messages_per_day\":1");
        kit.quotas().fill("u1");
        kit.saver().failStores(LonglineException.dependencyDown("redis", "Redis is away", null));

        Answer answer = multicast("m-1", "u1", "u2");

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.text("/error/dependency")).isEqualTo("redis");
    }

    @Test
    void whileNobodyCountsARateIsSharedAndAUserIsNotSentTo() {
        limit("\"rate_per_s\":5,\"daily_quota\":1");
        kit.quotas().fail(LonglineException.dependencyDown("redis", "Redis is away", null));
        kit.addCenter("center-2");

        long sent = IntStream.range(0, 20)
                .mapToObj(_ -> send("u1"))
                .filter(answer -> answer.status() == 202)
                .count();

        assertThat(sent).isBetween(3L, 19L);
        limit("\"rate_per_s\":0,\"daily_quota\":0,\"user_messages_per_hour\":10");
        Answer answer = send("u1");
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.text("/error/dependency")).isEqualTo("redis");
        assertThat(answer.header("Retry-After")).isPresent();
    }
}
