package io.longline.dispatcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.longline.frames.DecodeResult;
import io.longline.frames.json.DispatchAnswers;
import io.longline.keeper.config.ConfigSource;
import io.longline.keeper.discovery.Announcement;
import io.longline.keeper.discovery.Node;
import io.longline.keeper.discovery.NodeState;
import io.longline.keeper.discovery.PublicAddress;
import io.longline.keeper.discovery.ZkConfig;
import io.longline.keeper.discovery.ZkDiscovery;
import io.longline.keeper.discovery.ZkSession;
import io.longline.keeper.life.LifeCycle;
import io.longline.keeper.live.ZkConfigNode;
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
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
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
    private final DispatcherServer dispatcher = new DispatcherServer(ConfigSource.builder()
            .flags(Map.of(
                    "instance",
                    "dispatcher-1",
                    "cluster",
                    zookeeper.cluster(),
                    "zookeeper.hosts",
                    ZOOKEEPER.uri(),
                    "dispatcher.port",
                    "0"))
            .build());

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
        return node(instance, "bj", 100, state, ports);
    }

    private static Node node(String instance, String region, int weight, NodeState state, int... ports) {
        List<PublicAddress> addresses = new ArrayList<>();
        for (int port : ports) {
            addresses.add(
                    new PublicAddress("10.0.0.7", port, port == 443, port == 443 ? "room.example.com" : "", region));
        }
        return new Node("room", instance, 1, "", "", "", addresses, state, region, weight, 0, 1);
    }

    /** As an operator does while it runs. */
    private void set(Map<String, String> config) {
        new ZkConfigNode(session, "dispatcher").write(config);
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
        return json(get(query));
    }

    private static JsonNode json(HttpResponse<byte[]> response) {
        try {
            return MAPPER.readTree(response.body());
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

    @Test
    void theCallersRegionComesFirstAndFromAttemptThreeAnother() {
        announce(node("room-1", "bj", 100, NodeState.READY, 7101));
        announce(node("room-2", "sh", 100, NodeState.READY, 7102));
        announce(node("room-3", "gz", 100, NodeState.READY, 7103));
        awaitRooms(3);

        for (int user = 0; user < 10; user++) {
            String question = "product=shop&user=u" + user + "&region=sh&attempt=";
            assertThat(rooms(question + 2)).hasSize(3).startsWith("room-2");
            assertThat(rooms(question + 3)).hasSize(3).endsWith("room-2");
            String ofNowhere = "product=shop&user=u" + user;
            assertThat(rooms(ofNowhere + "&attempt=3").getLast())
                    .isEqualTo(rooms(ofNowhere).getFirst());
        }
        assertThat(rooms("product=shop&user=u1&region=nowhere")).isEqualTo(rooms("product=shop&user=u1"));
    }

    @Test
    void theRegionIsFoundFromTheCallersAddressWhereItDoesNotSay() {
        announce(node("room-1", "bj", 100, NodeState.READY, 7101));
        announce(node("room-2", "sh", 100, NodeState.READY, 7102));
        awaitRooms(2);
        String[] proxied = {"X-Forwarded-For", "203.0.113.9, 10.2.0.5"};

        set(Map.of("dispatcher.regions", "127.0.0.0/8=bj,10.2.0.0/16=sh", "dispatcher.proxies", "127.0.0.1"));
        for (String user : List.of("u1", "u2", "u3", "u4", "u5")) {
            String question = "product=shop&user=" + user;
            await().until(() -> rooms(question).equals(List.of("room-1", "room-2")));
            assertThat(json(get(question, proxied)).at("/rooms").findValuesAsText("id"))
                    .as("as the proxy says")
                    .containsExactly("room-2", "room-1");
            assertThat(rooms(question + "&region=sh")).containsExactly("room-2", "room-1");
        }
    }

    @Test
    void theBalancerIsChosenByNameWhileItRuns() {
        announce(node("a", "bj", 500, NodeState.READY, 7101));
        announce(node("b", "bj", 100, NodeState.READY, 7102));
        announce(node("c", "bj", 100, NodeState.READY, 7103));
        awaitRooms(3);

        set(Map.of("dispatcher.balancer", "round-robin"));
        await().until(() -> Set.copyOf(firstRooms(3)).size() == 3);
        set(Map.of("dispatcher.balancer", "no-such"));
        assertThat(firstRooms(6)).as("the last good one stays").hasSize(6).containsOnly("a", "b", "c");
        set(Map.of("dispatcher.balancer", "smooth-weighted"));
        await().until(() -> firstRooms(7).stream().filter("a"::equals).count() == 5);
        set(Map.of("dispatcher.balancer", "random"));
        await().until(() -> Set.copyOf(firstRooms(50)).size() == 3);
        set(Map.of());
        await().until(() -> Set.copyOf(firstRooms(50)).size() == 1);
    }

    /** Of one user who asks so often. */
    private List<String> firstRooms(int questions) {
        return IntStream.range(0, questions)
                .mapToObj(_ -> rooms("product=shop&user=u1").getFirst())
                .toList();
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
