package io.longline.deploy.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.longline.deploy.kit.CenterApi;
import io.longline.deploy.kit.JsonLink;
import io.longline.deploy.kit.SharedCluster;
import io.longline.deploy.kit.TestProduct;
import io.longline.keeper.product.Durability;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The commands, in this process, on a running cluster. */
final class CommandsIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    @RegisterExtension
    static final SharedCluster cluster = new SharedCluster();

    private final String user = SharedCluster.fresh("commanded");

    @Test
    void aTokenFromTheCommandBindsAClient() {
        Commands.Run token = Commands.run("token", "--product", "demo", "--user", user, "--device", "phone");
        assertThat(token.exitCode()).as(token.err()).isZero();
        try (JsonLink link = JsonLink.open(cluster.cluster().room(0))) {
            link.hello("demo", user, "phone", token.out());
            assertThat(link.frames()
                            .next("welcome")
                            .get("bound")
                            .get(0)
                            .get("ok")
                            .asBoolean())
                    .isTrue();
        }
    }

    @Test
    void pushSendsOneMessageAndPrintsTheAnswer() throws Exception {
        try (JsonLink link = cluster.connect(0, user)) {
            link.frames().pushesUntilCaughtUp();
            Commands.Run push = Commands.run("push", "--product", "demo", "--user", user, "hello \"there\"");
            assertThat(push.exitCode()).as(push.err()).isZero();
            assertThat(JSON.readTree(push.out()).get("status").asText()).isEqualTo("written");
            assertThat(link.frames().next("push").get("text").asText()).isEqualTo("hello \"there\"");
        }
    }

    @Test
    void listenTakesAsManyAsItIsToldAndLeavesTheRest() throws Exception {
        for (String text : List.of("one", "two", "three")) {
            assertThat(Commands.run("push", "--product", "demo", "--user", user, text)
                            .exitCode())
                    .isZero();
        }
        for (String text : List.of("one", "two", "three")) {
            Commands.Run listen = Commands.run("listen", "--product", "demo", "--user", user, "--count", "1");
            assertThat(listen.exitCode()).as(listen.err()).isZero();
            assertThat(JSON.readTree(listen.out()).get("text").asText()).isEqualTo(text);
        }
    }

    @Test
    void listenFollowsTheTopicsThatItIsTold() throws Exception {
        String topic = SharedCluster.fresh("told");
        assertThat(cluster.api().follow(user, topic).status()).isEqualTo(200);
        long offset = cluster.api()
                .sendToTopic(SharedCluster.fresh("send"), topic, "to all", "{}")
                .body()
                .get("offset")
                .asLong();

        Commands.Run listen = Commands.run(
                "listen",
                "--product",
                "demo",
                "--user",
                user,
                "--topic",
                topic,
                "--topic",
                topic + "-2",
                "--count",
                "1");

        assertThat(listen.exitCode()).as(listen.err()).isZero();
        JsonNode message = JSON.readTree(listen.out());
        assertThat(message.get("text").asText()).isEqualTo("to all");
        assertThat(message.get("topic").asText()).isEqualTo(topic);
        assertThat(message.get("offset").asLong()).isEqualTo(offset);
        assertThat(message.has("seq")).isFalse();
    }

    @Test
    void listenWithAWrongNameEndsAtOnce() {
        assertThat(Commands.run("listen", "--product", "demo", "--user", "a b").err())
                .startsWith("longline: INVALID_ARGUMENT")
                .contains("user")
                .hasLineCount(1);
        assertThat(Commands.run("listen", "--product", "demo", "--user", user, "--device", "a/b")
                        .err())
                .contains("device")
                .hasLineCount(1);
        assertThat(Commands.run("listen", "--product", "demo", "--user", user, "--topic", "a b")
                        .err())
                .contains("topic")
                .hasLineCount(1);
        assertThat(Commands.run("listen", "--product", "demo", "--user", user, "--topic", "*")
                        .err())
                .contains("topic is \"*\"")
                .hasLineCount(1);
    }

    @Test
    void pushWithAWrongSecretFailsWithTheApisError() {
        Commands.Run push = Commands.run("push", "--product", "demo", "--user", user, "--secret", "wrong", "x");
        assertThat(push.exitCode()).isEqualTo(1);
        assertThat(push.err()).contains("UNAUTHENTICATED");
    }

    @Test
    void aProductIsChangedInUse() throws Exception {
        TestProduct product = cluster.product(Durability.REDIS, 8);

        Commands.Run set = Commands.run("product", "set", product.id(), "window=16", "open_topics=a*,b");
        Commands.Run wrong = Commands.run("product", "set", product.id(), "window=0", "inbox_limit=5");
        Commands.Run unknown = Commands.run("product", "set", product.id(), "colour=red");

        assertThat(set.exitCode()).as(set.err()).isZero();
        assertThat(JSON.readTree(set.out()).get("window").asInt()).isEqualTo(16);
        assertThat(JSON.readTree(set.out()).get("open_topics")).hasSize(2);
        assertThat(wrong.exitCode()).isEqualTo(1);
        assertThat(wrong.err()).contains("window is 0, expected 1 to 1024");
        assertThat(unknown.err()).contains("colour", "heartbeat.min_s");
        assertThat(JSON.readTree(Commands.run("product", "show", product.id()).out())
                        .get("inbox_limit")
                        .asInt())
                .isEqualTo(10_000);
    }

    @Test
    void aSecretIsChangedWhileTheOldOneIsStillUsedThenRetired() throws Exception {
        TestProduct product = cluster.product(Durability.REDIS, 8);

        Commands.Run rotated = Commands.run("product", "rotate-secret", product.id());
        String secret = JSON.readTree(rotated.out()).get("secret").asText();
        TestProduct changed = new TestProduct(product.id(), secret, product.clientSecret());
        await().until(() -> cluster.api(changed, 0).get("/v1/users/nobody").status() == 404);
        assertThat(cluster.api(product, 0).get("/v1/users/nobody").status()).isEqualTo(404);

        assertThat(Commands.run("product", "rotate-secret", product.id(), "--retire")
                        .exitCode())
                .isZero();
        await().until(() -> cluster.api(product, 0).get("/v1/users/nobody").status() == 401);
        assertThat(cluster.api(changed, 0).get("/v1/users/nobody").status()).isEqualTo(404);
    }

    @Test
    void aSecretForSendingCannotReadNorOneForReadingSend() throws Exception {
        TestProduct product = cluster.product(Durability.REDIS, 8);
        CenterApi sender = cluster.api(withSecretOf(product, "send"), 0);
        CenterApi reader = cluster.api(withSecretOf(product, "read"), 0);
        await().until(() -> reader.get("/v1/users/nobody").status() == 404);
        await().until(() -> sender.push(user, "x").status() == 202);

        assertThat(sender.get("/v1/users/nobody").reason()).isEqualTo("PERMISSION_DENIED");
        assertThat(reader.push(user, "x").status()).isEqualTo(403);
        assertThat(reader.post("/v1/tokens", "{\"user\":\"u\"}").status()).isEqualTo(403);
    }

    private static TestProduct withSecretOf(TestProduct product, String kind) throws Exception {
        Commands.Run rotated = Commands.run("product", "rotate-secret", product.id(), "--kind", kind);
        assertThat(rotated.exitCode()).as(rotated.err()).isZero();
        return new TestProduct(
                product.id(), JSON.readTree(rotated.out()).get("secret").asText(), product.clientSecret());
    }

    @Test
    void aProductIsMadeShownListedAndUsed() throws Exception {
        String id = SharedCluster.fresh("cli");
        Commands.Run create = Commands.run("product", "create", id, "--durability", "redis");
        assertThat(create.exitCode()).as(create.err()).isZero();
        JsonNode made = JSON.readTree(create.out());
        assertThat(made.get("durability").asText()).isEqualTo("redis");

        Commands.Run show = Commands.run("product", "show", "--product", id);
        assertThat(JSON.readTree(show.out()).get("product").asText()).isEqualTo(id);
        assertThat(show.out()).doesNotContain(made.get("client_secret").asText(), "secret");
        assertThat(Commands.run("product", "list").out()).contains(id, "demo");

        TestProduct product = new TestProduct(
                id, made.get("api_secret").asText(), made.get("client_secret").asText());
        await().until(() -> cluster.api(product, 0).get("/v1/users/nobody").status() == 404);
        Commands.Run push = Commands.run("push", "--product", id, "--user", user, "--secret", product.apiSecret(), "x");
        assertThat(push.exitCode()).as(push.err()).isZero();
    }

    @Test
    void thePaceOfItsBroadcastsIsGivenWhenItIsMadeAndSetLater() throws Exception {
        String id = SharedCluster.fresh("cli");
        Commands.Run create = Commands.run(
                "product",
                "create",
                id,
                "--broadcasts-default-per-s=500",
                "--broadcasts-most-per-s=2000",
                "--broadcasts-default-bytes-per-s=90000",
                "--broadcasts-most-bytes-per-s=800000");
        assertThat(create.exitCode()).as(create.err()).isZero();
        assertThat(JSON.readTree(create.out()).get("broadcasts").toString())
                .isEqualTo("{\"default_per_s\":500,\"most_per_s\":2000,\"default_bytes_per_s\":90000,"
                        + "\"most_bytes_per_s\":800000}");

        Commands.Run set = Commands.run("product", "set", id, "broadcasts.most_per_s=0");
        assertThat(JSON.readTree(set.out()).at("/broadcasts/most_per_s").asInt())
                .isZero();
        Commands.Run wrong = Commands.run("product", "create", id + "-2", "--broadcasts-most-per-s", "-1");
        assertThat(wrong.exitCode()).isEqualTo(1);
        assertThat(wrong.err()).contains("broadcasts.most_per_s");
    }

    @Test
    void itsMergeWindowsAreGivenWhenItIsMadeAndSetLater() throws Exception {
        String id = SharedCluster.fresh("cli");
        Commands.Run create = Commands.run(
                "product",
                "create",
                id,
                "--merge-window-ms",
                "20",
                "--merge-topic",
                "news*=1000",
                "--merge-topic",
                "a=5");
        assertThat(create.exitCode()).as(create.err()).isZero();
        assertThat(JSON.readTree(create.out()).get("merge").toString())
                .isEqualTo("{\"window_ms\":20,\"topics\":{\"a\":5,\"news*\":1000}}");

        Commands.Run set = Commands.run(
                "product", "set", id, "--merge-window-ms", "0", "--merge-topic", "a=product", "--merge-topic", "b=7");
        assertThat(set.exitCode()).as(set.err()).isZero();
        assertThat(JSON.readTree(set.out()).get("merge").toString())
                .isEqualTo("{\"window_ms\":0,\"topics\":{\"b\":7,\"news*\":1000}}");
        Commands.Run byName = Commands.run("product", "set", id, "merge.window_ms=30");
        assertThat(JSON.readTree(byName.out()).at("/merge/window_ms").asInt()).isEqualTo(30);

        Commands.Run tooLong = Commands.run("product", "set", id, "--merge-topic", "b=1001");
        assertThat(tooLong.exitCode()).isEqualTo(1);
        assertThat(tooLong.err()).contains("merge.topics.b");
        Commands.Run noNumber = Commands.run("product", "create", id + "-2", "--merge-topic", "c=long");
        assertThat(noNumber.exitCode()).isEqualTo(1);
        assertThat(noNumber.err()).contains("merge.topics.c");
        assertThat(Commands.run("product", "set", id).exitCode()).isNotZero();
    }

    @Test
    void aProductIsMadeOnce() {
        String id = SharedCluster.fresh("cli");
        assertThat(Commands.run("product", "create", id).exitCode()).isZero();
        Commands.Run again = Commands.run("product", "create", id);
        assertThat(again.exitCode()).isEqualTo(1);
        assertThat(again.err()).startsWith("longline: ALREADY_EXISTS").hasLineCount(1);
        assertThat(Commands.run("product", "create", "admin").err()).contains("reserved");
    }

    @Test
    void statusShowsEveryInstanceAndThatAllIsWell() {
        Commands.Run status = Commands.run("status");
        assertThat(status.out())
                .contains("dispatcher-1", "register-1", "saver-1", "coordinator-1")
                .contains("center-1", "center-2", "room-1", "room-2")
                .doesNotContain("WARNING");
        assertThat(status.exitCode()).isZero();
    }

    @Test
    void whatIsWrongIsSaidInOneLine() {
        Commands.Run unknown = Commands.run("token", "--product", "nosuch", "--user", user);
        assertThat(unknown.exitCode()).isEqualTo(1);
        assertThat(unknown.err()).contains("there is no product nosuch").hasLineCount(1);
        assertThat(Commands.run("token", "--product", "demo").exitCode())
                .as("usage")
                .isEqualTo(2);
        assertThat(Commands.run("service", "nosuch").err())
                .contains("dispatcher, register, saver")
                .hasLineCount(1);
    }

    @Test
    void anotherClusterOnTheSameZooKeeperIsAnother() {
        List<String> arguments = new ArrayList<>(List.of("product", "list", "--cluster", "elsewhere"));
        arguments.addAll(List.of("--zookeeper", cluster.cluster().stores().zookeeperHosts()));
        Commands.Run list = Commands.run(arguments.toArray(String[]::new));
        assertThat(list.exitCode()).as(list.err()).isZero();
        assertThat(list.out()).isEmpty();
    }
}
