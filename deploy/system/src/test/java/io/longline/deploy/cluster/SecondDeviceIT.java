package io.longline.deploy.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.deploy.command.Commands;
import io.longline.deploy.kit.Answer;
import io.longline.deploy.kit.JsonLink;
import io.longline.deploy.kit.SharedCluster;
import io.longline.deploy.kit.TestProduct;
import io.longline.keeper.product.Durability;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How many devices of a user may be connected, and what becomes of one more: set by an operator, on two rooms. */
@Timeout(120)
final class SecondDeviceIT {
    @RegisterExtension
    static final SharedCluster cluster = new SharedCluster();

    private static final int REPLACED = 3501;
    private static final int BLOCKED = 3505;

    private final String user = SharedCluster.fresh("user");
    private final List<JsonLink> links = new ArrayList<>();

    @AfterEach
    void leave() {
        links.forEach(JsonLink::close);
    }

    // ---- products ----

    private TestProduct product(String policy, int most) {
        TestProduct product = cluster.product(Durability.REDIS, 8);
        set(product, policy, most);
        return product;
    }

    /** Register has it a moment after the command has returned: tried until it has. */
    private void set(TestProduct product, String policy, int most) {
        Commands.Run set = Commands.run(
                "product", "set", product.id(), "second_device.policy=" + policy, "second_device.most=" + most);
        assertThat(set.exitCode()).isZero();
        await().until(() -> connectedOf(product, most + 1) == (policy.equals("allow") ? most + 1 : most));
    }

    /** How many devices of a fresh user are connected, when so many have tried one after the other. */
    private int connectedOf(TestProduct product, int devices) {
        String probe = SharedCluster.fresh("probe");
        List<JsonLink> tried = new ArrayList<>();
        for (int i = 0; i < devices; i++) {
            JsonLink link = hello(0, product, probe, "device-" + i);
            tried.add(link);
            await().until(() -> !link.frames().isEmpty());
        }
        int connected = online(product, probe).size();
        tried.forEach(JsonLink::close);
        return connected;
    }

    private static List<String> online(TestProduct product, String user) {
        JsonNode devices = cluster.api(product, 0).user(user).body().path("devices");
        return StreamSupport.stream(devices.spliterator(), false)
                .filter(device -> device.get("online").asBoolean())
                .map(device -> device.get("device").asText())
                .toList();
    }

    // ---- devices ----

    private JsonLink hello(int room, TestProduct product, String who, String device) {
        JsonLink link = JsonLink.open(cluster.cluster().room(room));
        links.add(link);
        return link.hello(product.id(), who, device, product.token(who));
    }

    private JsonLink connect(int room, TestProduct product, String device) {
        JsonLink link = cluster.connect(room, product, user, device);
        links.add(link);
        link.frames().pushesUntilCaughtUp();
        return link;
    }

    private static void assertMadeWay(JsonLink link) {
        JsonNode close = link.frames().next("close");
        assertThat(close.get("code").asInt()).isEqualTo(REPLACED);
        assertThat(close.get("retry").asBoolean()).isFalse();
        assertThat(link.closeStatus()).isEqualTo(REPLACED);
    }

    private static void assertRefused(JsonLink link) {
        JsonNode close = link.frames().next("close");
        assertThat(close.get("code").asInt()).isEqualTo(BLOCKED);
        assertThat(close.get("retry").asBoolean()).isTrue();
        assertThat(close.get("retry_after_ms").asLong()).isBetween(1_000L, 60_000L);
        assertThat(link.closeStatus()).isEqualTo(BLOCKED);
    }

    // ---- replace ----

    @Test
    void theSecondDeviceReplacesTheFirstWhichHearsOfIt() {
        TestProduct product = product("replace", 1);
        JsonLink phone = connect(0, product, "phone");

        JsonLink desk = connect(1, product, "desk");

        assertMadeWay(phone);
        assertThat(online(product, user)).containsExactly("desk");
        Answer sent = cluster.api(product, 1).push(user, "x");
        assertThat(desk.frames().next("push").get("message_id").asText()).isEqualTo(sent.messageId());
        assertThat(cluster.api(product, 0).pending(user, "phone"))
                .as("it is known, and gets it when it comes back")
                .isEqualTo(1);

        JsonLink again = cluster.connect(0, product, user, "phone");
        links.add(again);
        assertMadeWay(desk);
        assertThat(again.frames().pushesUntilCaughtUp())
                .extracting(push -> push.get("message_id").asText())
                .containsExactly(sent.messageId());
    }

    @Test
    void ofSeveralDevicesTheOneThatHasBeenConnectedForTheLongestTimeGoes() {
        TestProduct product = product("replace", 2);
        JsonLink phone = connect(0, product, "phone");
        JsonLink desk = connect(1, product, "desk");
        JsonLink moved = connect(1, product, "phone");
        assertMadeWay(phone); // its own device, which is the newer one now

        connect(0, product, "pad");

        assertMadeWay(desk);
        assertThat(online(product, user)).containsExactlyInAnyOrder("phone", "pad");
        assertThat(moved.isClosed()).isFalse();
    }

    @Test
    void aLinkThatHasOtherSessionsLosesOnlyTheOneThatMadeWay() {
        TestProduct product = product("replace", 1);
        String neighbour = SharedCluster.fresh("neighbour");
        JsonLink shared = connect(0, product, "phone");
        shared.say("{\"bind\":" + JsonLink.bind(2, product.id(), neighbour, product.token(neighbour), 0) + "}");
        assertThat(shared.frames().next("bound").get("ok").asBoolean()).isTrue();
        shared.frames().pushesUntilCaughtUp();

        connect(1, product, "desk");

        JsonNode unbound = shared.frames().next("unbound");
        assertThat(unbound.get("ref").asInt()).isEqualTo(1);
        assertThat(unbound.get("code").asInt()).isEqualTo(REPLACED);
        cluster.api(product, 0).push(neighbour, "still here");
        assertThat(shared.frames().next("push").get("text").asText()).isEqualTo("still here");
    }

    // ---- refuse ----

    @Test
    void theSecondDeviceIsRefusedWithATimeToTryAgainAndGetsInWhenTheFirstHasLeft() {
        TestProduct product = product("refuse", 1);
        JsonLink phone = connect(0, product, "phone");

        assertRefused(hello(1, product, user, "desk"));

        assertThat(online(product, user)).containsExactly("phone");
        assertThat(cluster.api(product, 0).push(user, "x").status()).isEqualTo(200);
        assertThat(phone.frames().next("push").get("text").asText()).isEqualTo("x");
        phone.say("{\"unbind\":{\"ref\":1}}");
        phone.frames().next("unbound");
        connect(1, product, "desk");
        assertThat(online(product, user)).containsExactly("desk");
    }

    @Test
    void aDeviceThatIsConnectedIsNotRefusedWhereverItComesBack() {
        TestProduct product = product("refuse", 1);
        JsonLink phone = connect(0, product, "phone");

        connect(1, product, "phone");

        assertMadeWay(phone);
        assertRefused(hello(0, product, user, "desk"));
    }

    @Test
    void aBindThatIsRefusedLeavesTheOtherSessionsOfItsLink() {
        TestProduct product = product("refuse", 1);
        String neighbour = SharedCluster.fresh("neighbour");
        connect(0, product, "phone");
        JsonLink shared = cluster.connect(1, product, neighbour, "desk");
        links.add(shared);
        shared.frames().pushesUntilCaughtUp();

        shared.say("{\"bind\":" + JsonLink.bind(2, product.id(), user, product.token(user), 0) + "}");

        JsonNode bound = shared.frames().next("bound");
        assertThat(bound.get("ok").asBoolean()).isFalse();
        assertThat(bound.at("/error/code").asInt()).isEqualTo(BLOCKED);
        assertThat(bound.at("/error/retry_after_ms").asLong()).isBetween(1_000L, 60_000L);
        cluster.api(product, 0).push(neighbour, "still here");
        assertThat(shared.frames().next("push").get("text").asText()).isEqualTo("still here");
    }

    @Test
    void asManyAsTheProductSaysAreLetIn() {
        TestProduct product = product("refuse", 3);
        connect(0, product, "phone");
        connect(1, product, "desk");
        JsonLink pad = connect(0, product, "pad");

        assertRefused(hello(1, product, user, "tv"));

        pad.drop();
        await().until(() -> online(product, user).size() == 2);
        connect(1, product, "tv");
        assertThat(online(product, user)).containsExactlyInAnyOrder("phone", "desk", "tv");
    }

    // ---- changed in use ----

    @Test
    void aChangeEndsNobodyAndHoldsForWhoComesNext() {
        TestProduct product = product("allow", 1);
        JsonLink phone = connect(0, product, "phone");
        JsonLink desk = connect(1, product, "desk");

        set(product, "refuse", 1);
        assertRefused(hello(0, product, user, "pad"));
        assertThat(phone.isClosed() || desk.isClosed()).isFalse();

        set(product, "replace", 1);
        connect(0, product, "pad");
        assertMadeWay(phone);
        assertMadeWay(desk);

        set(product, "allow", 1);
        connect(0, product, "phone");
        connect(1, product, "desk");
        assertThat(online(product, user)).containsExactlyInAnyOrder("phone", "desk", "pad");
    }
}
