package io.longline.dispatcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.longline.frames.DecodeResult;
import io.longline.frames.json.DispatchAnswers;
import io.longline.keeper.config.ConfigReader;
import io.longline.keeper.config.ConfigSource;
import io.longline.keeper.discovery.Announcement;
import io.longline.keeper.discovery.Node;
import io.longline.keeper.discovery.NodeState;
import io.longline.keeper.discovery.PublicAddress;
import io.longline.keeper.discovery.ZkConfig;
import io.longline.keeper.discovery.ZkDiscovery;
import io.longline.keeper.discovery.ZkSession;
import io.longline.keeper.life.LifeCycle;
import io.longline.keeper.product.Durability;
import io.longline.keeper.product.Heartbeats;
import io.longline.keeper.product.Product;
import io.longline.keeper.product.ZkProducts;
import io.longline.stores.junit.ZooKeeperExtension;
import io.longline.v1.DispatchAnswer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class DispatcherIT {
    @RegisterExtension
    static final ZooKeeperExtension ZOOKEEPER = new ZooKeeperExtension();

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final AtomicInteger clusters = new AtomicInteger();

    private final HttpClient client = HttpClient.newHttpClient();
    private final LifeCycle life = new LifeCycle();
    private final ZkConfig zookeeper =
            new ZkConfig(ZOOKEEPER.uri(), "it-" + clusters.incrementAndGet(), Duration.ofSeconds(6));
    private final ZkSession session = new ZkSession(zookeeper);
    private final ZkDiscovery discovery = new ZkDiscovery(session);
    private final DispatcherServer dispatcher =
            new DispatcherServer(DispatcherConfig.read(new ConfigReader(ConfigSource.builder()
                    .flags(Map.of(
                            "instance",
                            "dispatcher-1",
                            "cluster",
                            zookeeper.cluster(),
                            "zookeeper.hosts",
                            ZOOKEEPER.uri(),
                            "dispatcher.port",
                            "0"))
                    .build())));

    @BeforeEach
    void start() {
        life.add(session).start();
        life.add(discovery);
        ZkProducts products = life.add(new ZkProducts(session));
        products.start();
        products.create(Product.create("shop", Durability.REDIS).withHeartbeat(new Heartbeats(120, 5, 300)));
        life.add(dispatcher).start();
    }

    @AfterEach
    void stop() {
        life.close();
        client.close();
    }

    private static Node node(String instance, NodeState state, int... ports) {
        List<PublicAddress> addresses = new ArrayList<>();
        for (int port : ports) {
            addresses.add(
                    new PublicAddress("10.0.0.7", port, port == 443, port == 443 ? "room.example.com" : "", "bj"));
        }
        return new Node("room", instance, 1, "", "", "", addresses, state, "bj", 100, 0, 1);
    }

    private Announcement announce(Node node) {
        return life.add(discovery.announce(node));
    }

    private HttpResponse<byte[]> get(String query, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + dispatcher.httpPort() + "/v1/dispatch?" + query));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return client.send(request.build(), BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private JsonNode json(String query) {
        try {
            return MAPPER.readTree(get(query).body());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private List<String> rooms(String query) {
        return json(query).at("/rooms").findValuesAsText("id");
    }

    private void awaitRooms(int count) {
        await().until(() -> rooms("product=shop&user=u1").stream().distinct().count() == count);
    }

    @Test
    void theAnswerHasTheContractsForm() {
        announce(node("room-1", NodeState.READY, 443, 80));
        awaitRooms(1);
        long before = System.currentTimeMillis();

        HttpResponse<byte[]> response =
                get("product=shop&user=u1&device=phone&network=wifi&region=bj&attempt=0&future=1");
        JsonNode answer = json("product=shop&user=u1");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(answer.fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder(
                        "rooms", "cache_ttl_s", "heartbeat", "backoff", "not_before_ms", "server_time_ms");
        assertThat(answer.at("/rooms/0"))
                .hasToString("{\"id\":\"room-1\",\"host\":\"10.0.0.7\",\"port\":443,\"tls\":true,"
                        + "\"tls_name\":\"room.example.com\",\"region\":\"bj\",\"weight\":100}");
        assertThat(answer.at("/rooms/1/tls_name").asText("absent")).isEmpty();
        assertThat(answer.at("/cache_ttl_s").asInt()).isEqualTo(600);
        assertThat(answer.at("/heartbeat")).hasToString("{\"interval_s\":120,\"min_s\":5,\"max_s\":300}");
        assertThat(answer.at("/backoff"))
                .hasToString("{\"base_ms\":1000,\"max_ms\":60000,\"factor\":2.0,\"jitter\":1.0}");
        assertThat(answer.at("/not_before_ms").asLong(-1)).isZero();
        assertThat(answer.at("/server_time_ms").asLong()).isBetween(before, before + 60_000);
    }

    @Test
    void protobufSaysTheSame() throws IOException {
        announce(node("room-1", NodeState.READY, 443, 80));
        awaitRooms(1);

        HttpResponse<byte[]> response = get("product=shop&user=u1", "Accept", "application/x-protobuf");
        DispatchAnswer answer = DispatchAnswer.parseFrom(response.body());
        DecodeResult<DispatchAnswer> fromJson = DispatchAnswers.decode(
                ByteBuffer.wrap(get("product=shop&user=u1").body()));

        assertThat(response.headers().firstValue("Content-Type")).contains("application/x-protobuf");
        assertThat(fromJson)
                .isInstanceOfSatisfying(
                        DecodeResult.Frame.class,
                        frame -> assertThat(((DispatchAnswer) frame.frame())
                                        .toBuilder().clearServerTimeMs().build())
                                .isEqualTo(
                                        answer.toBuilder().clearServerTimeMs().build()));
    }

    @Test
    void aUserKeepsItsRoomWhileOthersComeAndGo() throws Exception {
        for (int i = 1; i <= 3; i++) {
            announce(node("room-" + i, NodeState.READY, 7100 + i));
        }
        awaitRooms(3);
        List<String> before = rooms("product=shop&user=u1");
        Announcement fourth = announce(node("room-4", NodeState.READY, 7104));
        awaitRooms(4);
        fourth.close();
        awaitRooms(3);

        assertThat(rooms("product=shop&user=u1")).isEqualTo(before);
    }

    @Test
    void drainingAndFullRoomsAreNotInIt() {
        announce(node("room-1", NodeState.READY, 7101));
        Announcement second = announce(node("room-2", NodeState.READY, 7102));
        announce(node("room-3", NodeState.FULL, 7103));
        awaitRooms(2);
        second.update(node("room-2", NodeState.DRAINING, 7102));

        await().until(() -> rooms("product=shop&user=u1").equals(List.of("room-1")));
        assertThat(rooms("product=shop&user=u1&last=10.0.0.7:7102")).containsExactly("room-1");
    }

    @Test
    void lastComesFirstAndFailedComesLast() {
        for (int i = 1; i <= 3; i++) {
            announce(node("room-" + i, NodeState.READY, 7100 + i));
        }
        awaitRooms(3);

        assertThat(rooms("product=shop&user=u1&last=10.0.0.7:7103").getFirst()).isEqualTo("room-3");
        assertThat(rooms("product=shop&user=u1&last=10.0.0.7:7101&failed=10.0.0.7:7101,10.0.0.7:7102&attempt=1"))
                .startsWith("room-3")
                .hasSize(3);
        assertThat(rooms("product=shop&user=u1&failed=10.0.0.7%3A7103").getLast())
                .isEqualTo("room-3");
    }

    @ParameterizedTest
    @CsvSource({
        "user=u1,product",
        "product=shop,user",
        "product=shop&user=,user",
        "product=shop&user=a%20b,user",
        "product=Shop&user=u1,product",
        "product=nothing&user=u1,product",
        "product=shop&user=u1&attempt=x,attempt",
        "product=shop&user=u1&device=a%2Fb,device"
    })
    void aWrongQuestionNamesTheField(String query, String field) {
        announce(node("room-1", NodeState.READY, 7101));

        HttpResponse<byte[]> response = get(query);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(json(query).at("/error/reason").asText()).isEqualTo("INVALID_ARGUMENT");
        assertThat(json(query).at("/error/details").findValuesAsText("field")).containsExactly(field);
    }

    @Test
    void everythingWrongIsToldAtOnce() {
        assertThat(json("device=a%20b&attempt=-1").at("/error/details").findValuesAsText("field"))
                .containsExactly("product", "user", "device", "attempt");
    }

    @Test
    void withoutAReadyRoomItSaysWhenToComeBack() {
        announce(node("room-1", NodeState.DRAINING, 7101));

        HttpResponse<byte[]> response = get("product=shop&user=u1");

        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.headers().firstValue("Retry-After")).contains("2");
        assertThat(json("product=shop&user=u1").at("/error/reason").asText()).isEqualTo("OVERLOADED");
    }

    @Test
    void itGoesOnWithWhatItKnowsWhileZooKeeperIsAway() {
        announce(node("room-1", NodeState.READY, 7101));
        awaitRooms(1);
        ZOOKEEPER.store().stop();
        try {
            assertThat(rooms("product=shop&user=u1")).containsExactly("room-1");
        } finally {
            ZOOKEEPER.store().start();
        }
    }
}
