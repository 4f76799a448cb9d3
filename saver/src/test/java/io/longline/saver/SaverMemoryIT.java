package io.longline.saver;

import static io.longline.saver.testing.SaverClient.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.KillArgs;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.longline.keeper.discovery.Node;
import io.longline.keeper.discovery.ZkConfig;
import io.longline.keeper.discovery.ZkDiscovery;
import io.longline.keeper.discovery.ZkSession;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.redis.RedisStore;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.shard.Shards;
import io.longline.rpc.v1.Copy;
import io.longline.rpc.v1.Endpoint;
import io.longline.rpc.v1.OpenReply;
import io.longline.rpc.v1.Priority;
import io.longline.rpc.v1.PublishRequest;
import io.longline.rpc.v1.StoreRequest;
import io.longline.saver.testing.SaverClient;
import io.longline.saver.testing.SaverCluster;
import io.longline.saver.testing.TopicsClient;
import io.longline.stores.junit.MariaDbExtension;
import io.longline.stores.junit.RedisExtension;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A saver with little memory, and a Redis that is not set up as it should be. */
@Timeout(120)
final class SaverMemoryIT {
    private static final int NEARLY_FULL = 46; // inboxes, of somewhat more than 4 KiB each

    @RegisterExtension
    static final RedisExtension redis = new RedisExtension();

    @RegisterExtension
    static final MariaDbExtension mysql = new MariaDbExtension();

    private static SaverCluster cluster;
    private static SaverServer saver;
    private static SaverClient client;
    private static RedisStore store;
    private final Endpoint phone = SaverCluster.someone("fast");

    @BeforeAll
    static void start() {
        cluster = new SaverCluster(redis.uri(), mysql.jdbcUrl())
                .with("saver.budget.inbox", "200KiB")
                .with("saver.budget.record", "2KiB")
                .with("saver.budget.explain", "16KiB")
                .with("saver.budget.topic", "200KiB");
        saver = cluster.start();
        client = cluster.client;
        store = cluster.redis;
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    private static <T> void everywhere(
            Function<RedisClusterAsyncCommands<String, byte[]>, CompletionStage<T>> command) {
        RedisStore.await(store.everywhere(command), Deadline.afterMillis(30_000));
    }

    /** The saver looks at once when it is connected anew. */
    private static void configure(String name, String value) {
        everywhere(node -> node.configSet(name, value));
        everywhere(node -> node.clientKill(KillArgs.Builder.typeNormal().skipme(true)));
    }

    private static StoreRequest urgent(Endpoint endpoint, String id, Priority priority) {
        StoreRequest.Builder request = message(endpoint, id).toBuilder();
        request.getMessageBuilder().setPriority(priority);
        return request.build();
    }

    /** False if there is no room any more. */
    private boolean storeUrgently(String device) {
        try {
            client.store(urgent(phone.toBuilder().setDevice(device).build(), "m1", Priority.PRIORITY_HIGH));
            return true;
        } catch (LonglineException e) {
            assertThat(e.code()).isEqualTo(ErrorCode.QUEUE_FULL);
            return false;
        }
    }

    private static boolean isRefused(Priority priority) {
        try {
            Endpoint endpoint = SaverCluster.someone("fast");
            long seq = client.store(urgent(endpoint, "one-more", priority)).getSeq();
            client.ack(endpoint, seq);
            return false;
        } catch (LonglineException e) {
            assertThat(e.code()).isEqualTo(ErrorCode.QUEUE_FULL);
            assertThat(e.retryAfter()).isPresent();
            return true;
        }
    }

    private static HttpResponse<String> admin(String path) {
        try (HttpClient http = HttpClient.newHttpClient()) {
            URI uri = URI.create("http://127.0.0.1:" + saver.adminPort() + path);
            return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isPublished(TopicsClient topics, String id, Priority priority) {
        PublishRequest.Builder request = TopicsClient.message("fast", "news", id).toBuilder();
        request.getMessageBuilder().setPriority(priority);
        try {
            topics.publish(request.build());
            return true;
        } catch (LonglineException e) {
            assertThat(e.code()).isEqualTo(ErrorCode.QUEUE_FULL);
            assertThat(e.retryAfter()).isPresent();
            return false;
        }
    }

    @Test
    void logsThatAreFullRefuseTheLessUrgentFirst() {
        TopicsClient topics = new TopicsClient(client);
        AtomicInteger number = new AtomicInteger();
        // Slowly: what is used is known once a second, and the urgent must still find room.
        Awaitility.await()
                .pollInterval(Duration.ofMillis(40))
                .atMost(Duration.ofSeconds(60))
                .until(() -> !isPublished(topics, "low-" + number.incrementAndGet(), Priority.PRIORITY_LOW));
        assertThat(isPublished(topics, "high", Priority.PRIORITY_HIGH)).isTrue();
        assertThat(isPublished(topics, "low-1", Priority.PRIORITY_LOW))
                .as("is there already")
                .isTrue();
        assertThat(admin("/metrics").body())
                .containsPattern("longline_saver_memory_rejects_total\\{.*kind=\"topic\".*} [1-9]");
    }

    @Test
    void whatIsFullRefusesTheLessUrgentFirstAndForgetsNothing() {
        List<Endpoint> all = IntStream.range(0, NEARLY_FULL)
                .mapToObj(i -> SaverCluster.someone("fast"))
                .toList();
        all.forEach(endpoint -> client.store(endpoint, "m1"));
        Awaitility.await().until(() -> isRefused(Priority.PRIORITY_LOW));
        assertThat(isRefused(Priority.PRIORITY_NORMAL)).isFalse();

        boolean isRoom = true;
        for (int i = 0; isRoom && i < 5; i++) {
            isRoom = storeUrgently("d" + i); // the saver may look before the last one
        }
        Awaitility.await().until(() -> isRefused(Priority.PRIORITY_HIGH));
        assertThat(isRefused(Priority.PRIORITY_NORMAL)).isTrue();
        assertThat(client.store(all.getFirst(), "m1").getRepeated()).isTrue();
        assertThat(all).allSatisfy(endpoint -> assertThat(client.ids(endpoint)).containsExactly("m1"));
        assertThat(admin("/metrics").body())
                .containsPattern("longline_saver_memory_rejects_total\\{.*kind=\"inbox\".*} [1-9]")
                .containsPattern("longline_saver_memory_budget\\{.*kind=\"inbox\".*} 204800");

        all.forEach(endpoint -> client.ack(endpoint, Long.MAX_VALUE >> 12));
        Awaitility.await().until(() -> !isRefused(Priority.PRIORITY_LOW));
    }

    @Test
    void anIdThatWasClaimedIsNeverGivenUpForANewOne() {
        client.claim("demo", "first", "body");
        Awaitility.await().until(() -> {
            for (int i = 0; i < 20; i++) {
                try {
                    client.claim("demo", "more-" + System.nanoTime(), "body");
                } catch (LonglineException e) {
                    return e.code() == ErrorCode.QUEUE_FULL;
                }
            }
            return false;
        });

        assertThat(client.claim("demo", "first", "body").getIsNew()).isFalse();
        assertThatThrownBy(() -> client.claim("demo", "first", "other"))
                .isInstanceOfSatisfying(
                        LonglineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.IDEMPOTENCY_CONFLICT));
    }

    @Test
    void whatOnlyExplainsGivesWayToWhatIsNewer() {
        Copy copy = Copy.newBuilder()
                .setUser(phone.getUser())
                .setDevice(phone.getDevice())
                .setSeq(7)
                .build();
        int records = 200; // of some 400 bytes each
        for (int i = 0; i < records; i++) {
            client.record("demo", "made-" + i, copy);
        }

        Awaitility.await().until(() -> known(records).size() < 60);

        List<Integer> known = known(records);
        assertThat(known).hasSizeGreaterThan(15);
        assertThat(known)
                .allSatisfy(i -> assertThat(IntStream.range(i, records)
                                .filter(j -> shardOf(j) == shardOf(i))
                                .boxed())
                        .as("what was recorded in its shard after %s", i)
                        .isSubsetOf(known));
        assertThat(admin("/metrics").body()).containsPattern("longline_saver_explain_given_up_total.* 1[0-9][0-9]");
        client.record("demo", "one-more", copy);
        assertThat(isKnown("one-more")).isTrue();
    }

    private static List<Integer> known(int records) {
        return IntStream.range(0, records)
                .filter(i -> isKnown("made-" + i))
                .boxed()
                .toList();
    }

    private static int shardOf(int i) {
        return Shards.of("demo", "made-" + i);
    }

    private static boolean isKnown(String id) {
        try {
            return !client.look("demo", id).isEmpty();
        } catch (LonglineException e) {
            assertThat(e.code()).isEqualTo(ErrorCode.MESSAGE_NOT_FOUND);
            return false;
        }
    }

    @Test
    void onARedisThatMayEvictNothingIsServedUntilItMayNot() {
        configure("maxmemory-policy", "allkeys-lru");
        try {
            Awaitility.await()
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThatThrownBy(() -> client.store(phone, "m1"))
                            .isInstanceOfSatisfying(LonglineException.class, e -> {
                                assertThat(e.code()).isEqualTo(ErrorCode.DEPENDENCY_DOWN);
                                assertThat(e.dependency()).contains("redis");
                                assertThat(e).hasMessageContaining("noeviction");
                            }));
            HttpResponse<String> ready = admin("/readyz");
            assertThat(ready.statusCode()).isEqualTo(503);
            assertThat(ready.body()).contains("allkeys-lru");
            assertThatThrownBy(cluster::start).hasMessageContaining("CONFIG SET maxmemory-policy noeviction");
        } finally {
            configure("maxmemory-policy", "noeviction");
        }
        Awaitility.await()
                .ignoreException(LonglineException.class)
                .untilAsserted(
                        () -> assertThat(client.store(phone, "m2").getSeq()).isPositive());
        Awaitility.await().until(() -> admin("/readyz").statusCode() == 200);
    }

    @Test
    void whatIsWeakerThanPromisedIsAnnounced() {
        ZkConfig config = new ZkConfig(cluster.zookeeper().uri(), "test", Duration.ofSeconds(6));
        try (ZkSession session = new ZkSession(config)) {
            session.start();
            ZkDiscovery discovery = new ZkDiscovery(session);
            Awaitility.await().until(() -> warnings(discovery).isEmpty());
            configure("appendfsync", "no");
            Awaitility.await()
                    .untilAsserted(() -> assertThat(warnings(discovery))
                            .singleElement()
                            .asString()
                            .contains("appendfsync no"));
            configure("appendonly", "no");
            Awaitility.await()
                    .untilAsserted(() -> assertThat(warnings(discovery))
                            .singleElement()
                            .asString()
                            .contains("appendonly no"));
            configure("appendfsync", "everysec");
            configure("appendonly", "yes");
            Awaitility.await()
                    .untilAsserted(() -> assertThat(warnings(discovery)).isEmpty());
            discovery.close();
        }
    }

    private static List<String> warnings(ZkDiscovery discovery) {
        return discovery.readNow("saver").stream()
                .map(Node::warnings)
                .flatMap(List::stream)
                .toList();
    }

    @Test
    void aClientThatNeverAcknowledgesIsToldToStayAway() {
        long seq = client.store(phone, "m1").getSeq();
        for (int generation = 1; generation < 8; generation++) {
            assertThat(client.open(phone, 0, 10, generation).getMessagesCount()).isEqualTo(1);
        }

        OpenReply told = client.open(phone, 0, 10, 8);
        assertThat(told.getNeverAcksMs()).isEqualTo(60_000);
        assertThat(told.getMessagesList()).isEmpty();
        assertThat(told.getPending()).isEqualTo(1);
        assertThat(client.open(phone, 0, 10, 9).getNeverAcksMs()).isBetween(1L, 60_000L);
        assertThat(admin("/metrics").body()).containsPattern("longline_saver_never_acks_total.* [1-9]");
        assertThat(client.open(phone, seq, 10, 10).getNeverAcksMs()).isZero();
        assertThat(client.pending(phone)).isZero();
    }

    @Test
    void whatWasStoredAfterADeviceWasForgottenStays() {
        long first = client.store(phone, "m1").getSeq();
        client.store(phone, "m2");

        assertThat(client.forget(phone, first)).isEqualTo(1);
        assertThat(client.ids(phone)).containsExactly("m2");
    }
}
