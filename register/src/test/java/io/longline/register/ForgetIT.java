package io.longline.register;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.product.Durability;
import io.longline.keeper.product.Product;
import io.longline.register.endpoint.Endpoint;
import io.longline.rpc.v1.ForgetDevicesReply;
import io.longline.rpc.v1.ForgetRequest;
import io.longline.rpc.v1.KnownDevice;
import io.longline.stores.junit.RedisExtension;
import io.longline.stores.junit.ZooKeeperExtension;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Forgetting as centers meet it. */
class ForgetIT extends RegisterSetup {
    @RegisterExtension
    static final RedisExtension REDIS = new RedisExtension();

    @RegisterExtension
    static final ZooKeeperExtension ZOOKEEPER = new ZooKeeperExtension();

    private static final Endpoint DESK = new Endpoint("demo", "u:1", "desk");

    ForgetIT() {
        super(REDIS, ZOOKEEPER);
    }

    @Test
    void aDeviceLeavesJournalAndInboxAndTheOthersStay() {
        client.bind(PHONE, room.freshPlace());
        client.bind(DESK, room.freshPlace());
        long before = System.currentTimeMillis();

        ForgetDevicesReply reply = client.forget("demo", "u:1", "phone");

        assertThat(reply.getDevicesList()).containsExactly("phone");
        assertThat(reply.getSessions()).isEqualTo(1);
        assertThat(reply.getDropped()).isEqualTo(1);
        assertThat(cluster.saver().knows(PHONE)).isFalse();
        assertThat(cluster.saver().knows(DESK)).isTrue();
        assertThat(client.locate(PHONE).hasOffline()).isTrue();
        assertThat(client.devices("demo", "u:1"))
                .extracting(KnownDevice::getDevice)
                .containsExactly("desk");
        ForgetRequest dropped = cluster.saver().dropped().getFirst();
        assertThat(dropped.getEndpoint().getDevice()).isEqualTo("phone");
        assertThat(dropped.getEmptied()).isFalse();
        assertThat(dropped.getUptoSeq()).isBetween(before * 1024, (System.currentTimeMillis() + 1) * 1024);
    }

    @Test
    void aUserLeavesWithAllDevicesAndWhatWaitsForDefault() {
        client.bind(PHONE, room.freshPlace());
        client.bind(DESK, room.freshPlace());

        ForgetDevicesReply reply = client.forget("demo", "u:1", "");

        assertThat(reply.getDevicesList()).containsExactlyInAnyOrder("phone", "desk");
        assertThat(cluster.saver().dropped())
                .extracting(request -> request.getEndpoint().getDevice())
                .containsExactlyInAnyOrder("phone", "desk", "default");
        assertThat(client.devices("demo", "u:1")).isEmpty();
        assertThat(redis.devices(PHONE)).isEmpty();
    }

    @Test
    void whoeverIsBoundBeforeItIsCarriedOutStaysAndGetsNothingOfWhatWaitedBefore() {
        long former = client.bind(PHONE, room.freshPlace());
        client.bind(PHONE, room.freshPlace());
        long before = former / 1024 * 1024;

        ForgetDevicesReply reply = client.forget("demo", "u:1", "", former);

        assertThat(reply.getDevicesList()).isEmpty();
        assertThat(client.locate(PHONE).hasOnline()).isTrue();
        assertThat(cluster.saver().knows(PHONE)).isTrue();
        ForgetRequest emptied = cluster.saver().dropped().stream()
                .filter(request -> request.getEndpoint().getDevice().equals("phone"))
                .findFirst()
                .orElseThrow();
        assertThat(emptied.getEmptied()).isTrue();
        assertThat(emptied.getUptoSeq()).isBetween(before, before + 1023);
    }

    @Test
    void whatFailsOnTheWayIsGoneOnWithByTheNextCall() {
        client.bind(PHONE, room.freshPlace());
        cluster.saver().databaseDown(true);

        assertThatThrownBy(() -> client.forget("demo", "u:1", ""))
                .isInstanceOfSatisfying(LonglineException.class, error -> {
                    assertThat(error.code()).isEqualTo(ErrorCode.DEPENDENCY_DOWN);
                    assertThat(error.dependency()).contains("mysql");
                });
        assertThat(cluster.saver().knows(PHONE)).isTrue();
        cluster.saver().databaseDown(false);
        client.forget("demo", "u:1", "");

        assertThat(cluster.saver().knows(PHONE)).isFalse();
        assertThat(cluster.saver().dropped())
                .extracting(request -> request.getEndpoint().getDevice())
                .contains("phone");
        assertThat(client.bind(PHONE, room.freshPlace())).isPositive();
    }

    @Test
    void aDeviceThatWasNotSeenForAsLongAsItsProductSaysIsForgottenWithItsInbox() {
        cluster.product(Product.create("demo", Durability.MYSQL).with("device_ttl_days", 30));
        cluster.register("register-2", "register.unseen.period", "200ms", "register.unseen.pause", "1ms");
        long generation = client.bind(PHONE, room.freshPlace());
        client.bind(DESK, room.freshPlace());
        client.unbind(PHONE, generation);
        long longAgo = System.currentTimeMillis() - Duration.ofDays(31).toMillis();

        redis.raw().hset(redis.keys(PHONE).devices("demo", "u:1"), "phone", longAgo + " " + generation + " 1 wifi");

        await().until(() -> redis.devices(PHONE).size() == 1);
        assertThat(redis.devices(PHONE)).containsOnlyKeys("desk");
        assertThat(cluster.saver().knows(PHONE)).isFalse();
        assertThat(cluster.saver().dropped())
                .extracting(request -> request.getEndpoint().getDevice())
                .containsExactly("phone");
    }

    @Test
    void aWrongUserIsRefusedByName() {
        assertThatThrownBy(() -> client.forget("demo", "a/b", ""))
                .isInstanceOfSatisfying(LonglineException.class, error -> {
                    assertThat(error.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
                    assertThat(error.getMessage()).contains("user");
                });
    }
}
