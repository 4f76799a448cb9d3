package io.longline.deploy.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.longline.deploy.command.Commands;
import io.longline.deploy.kit.JsonLink;
import io.longline.deploy.kit.SharedCluster;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Promise 14: a configuration that does not validate is refused whole, with all its errors, and the last good one stays. */
final class Promise14ConfigurationIT {
    /** All of 127.0.0.0/8 is this machine. */
    private static final String THEM = "127.0.0.9";

    @RegisterExtension
    static final SharedCluster cluster = new SharedCluster();

    @AfterEach
    void asItWas() {
        Commands.run("config", "unset", "room.deny", "room.max-connections-per-address");
        await().until(() -> isLetIn());
    }

    /** Whether a client from there is answered. */
    private static boolean isLetIn() {
        try (Socket socket = new Socket(
                InetAddress.getLoopbackAddress(), cluster.cluster().room(0), InetAddress.ofLiteral(THEM), 0)) {
            socket.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            return socket.getInputStream().read() >= 0;
        } catch (IOException e) {
            return false; // reset
        }
    }

    @Test
    void aGoodChangeTakesEffectInLivingRoomsAndStays() throws Exception {
        Commands.Run set = Commands.run("config", "set", "room.deny=" + THEM);

        assertThat(set.exitCode()).as(set.err()).isZero();
        assertThat(set.out()).isEqualTo("room: room.deny takes effect now");
        await().until(() -> !isLetIn());
        assertThat(Commands.run("config", "get", "room.deny").out()).isEqualTo(THEM);
        try (JsonLink other = cluster.connect(0, SharedCluster.fresh("other"))) {
            other.frames().pushesUntilCaughtUp();
        }
    }

    @Test
    void aChangeWithErrorsIsRefusedWholeWithAllOfThem() throws Exception {
        Commands.run("config", "set", "room.deny=" + THEM);
        await().until(() -> !isLetIn());
        String before = Commands.run("config", "get").out();

        Commands.Run set = Commands.run(
                "config",
                "set",
                "room.deny=10.0.0.1/8",
                "room.max-connections-per-address=many",
                "room.denny=x",
                "center.patience=1s",
                "operator.secret=changed-too");

        assertThat(set.exitCode()).isEqualTo(1);
        assertThat(set.err())
                .contains("3 errors", "10.0.0.1/8", "room.max-connections-per-address", "many")
                .contains("unknown key room.denny, did you mean room.deny?")
                .doesNotContain("\tat ");
        assertThat(Commands.run("config", "get").out()).isEqualTo(before);
        assertThat(isLetIn()).isFalse();
    }

    /** Others than this command can write there, too. */
    @Test
    void whatIsWrongInZooKeeperAllTheSameChangesNothingInARoom() throws Exception {
        Commands.run("config", "set", "room.deny=" + THEM);
        await().until(() -> !isLetIn());

        cluster.writeConfig("room", "room.deny = 127.0.0.1\nroom.max-connections-per-address = many\n");

        try (JsonLink other = cluster.connect(0, SharedCluster.fresh("other"))) {
            other.frames().pushesUntilCaughtUp();
        }
        assertThat(isLetIn()).isFalse();
        cluster.writeConfig("room", "");
        await().until(() -> isLetIn());
    }

    @Test
    void secretsAreShownOnlyWhereTheyAreAskedFor() {
        assertThat(Commands.run("config", "get").out())
                .contains("# center", "operator.secret = ****")
                .doesNotContain("admin-secret");
        assertThat(Commands.run("config", "get", "operator.secret").out()).isEqualTo("admin-secret");
        assertThat(Commands.run("config", "get", "room.region").exitCode()).isEqualTo(1);
    }

    /** An empty one would let everybody in. */
    @Test
    void aSecretOfOperatorsIsNotEmptyAndNotMisspelled() {
        assertThat(Commands.run("config", "set", "operator.secret=").err()).contains("at least 8 characters");
        assertThat(Commands.run("config", "set", "operator.secert=long-enough").err())
                .contains("unknown key operator.secert, did you mean operator.secret?");
        assertThat(Commands.run("config", "get", "operator.secret").out()).isEqualTo("admin-secret");
    }

    @Test
    void aKeyOfNoServiceIsAskedAbout() {
        assertThat(Commands.run("config", "set", "redis.uri=redis://127.0.0.1:1")
                        .err())
                .contains("of which service is redis.uri?", "--service");
        assertThat(Commands.run("config", "set", "--service", "kitchen", "a.b=c")
                        .err())
                .contains("there is no service kitchen");
    }
}
