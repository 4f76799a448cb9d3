package io.longline.deploy.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.backend.BackEnd;
import io.longline.deploy.kit.JsonLink;
import io.longline.deploy.kit.SharedCluster;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The clients for back ends, at a real cluster. */
final class BackEndClientsIT {
    @RegisterExtension
    static final SharedCluster cluster = new SharedCluster();

    private final String user = SharedCluster.fresh("client");

    @Test
    void theOneInJavaSendsLooksAndRecalls() {
        BackEnd backEnd = new BackEnd(cluster.centers(), "demo", "demo-secret", Duration.ofSeconds(20));
        String gone = backEnd.send(user, "recalled").get("message_id").asText();
        String stays = backEnd.send(user, "from Java").get("message_id").asText();

        assertThat(backEnd.recall(gone).get("status").asText()).isEqualTo("recalled");

        try (JsonLink link = cluster.connect(0, user)) {
            JsonNode push = link.frames().next("push");
            assertThat(push.get("text").asText()).isEqualTo("from Java");
            assertThat(push.get("message_id").asText()).isEqualTo(stays);
        }
        assertThat(backEnd.token(user, Duration.ofMinutes(1))).contains(".");
        assertThatThrownBy(() -> backEnd.message("never-sent"))
                .isInstanceOfSatisfying(
                        BackEnd.RefusedException.class,
                        refused -> assertThat(refused.reason()).isEqualTo("MESSAGE_NOT_FOUND"));
    }

    @Test
    void theOneInJavaSendsToATopicThatItHasAUserFollow() {
        BackEnd backEnd = new BackEnd(cluster.centers(), "demo", "demo-secret", Duration.ofSeconds(20));
        String topic = SharedCluster.fresh("chat:");
        backEnd.follow(user, topic);
        long offset = backEnd.sendToTopic(topic, "to all").get("offset").asLong();

        try (JsonLink link = cluster.connect(0, user)) {
            JsonNode push = link.frames().skipTo("push", "caught_up", "subscribed");
            assertThat(push.get("text").asText()).isEqualTo("to all");
            assertThat(push.get("topic").asText()).isEqualTo(topic);
            assertThat(push.get("offset").asLong()).isEqualTo(offset);
        }
        backEnd.unfollow(user, topic);
        assertThat(backEnd.user(user).get("topics")).isEmpty();
    }

    @Test
    void theOneInPythonSendsAndRecalls() throws Exception {
        Path module = Path.of("../../backend/python").toAbsolutePath().normalize();
        String script = """
                import sys
                from longline import BackEnd
                back_end = BackEnd(sys.argv[2:], "demo", "demo-secret")
                print(back_end.recall(back_end.send(sys.argv[1], "recalled")["message_id"])["status"])
                print(back_end.send(sys.argv[1], {"from": "Python"}, device="phone")["status"])
                """;
        ProcessBuilder python = new ProcessBuilder("python3", "-B", "-c", script, user);
        cluster.centers().forEach(center -> python.command().add(center.toString()));
        python.environment().put("PYTHONPATH", module.toString());
        assertThat(module.resolve("longline.py")).exists();

        assertThat(printed(python)).isEqualTo("recalled\nstored");

        try (JsonLink link = cluster.connect(0, user)) {
            assertThat(link.frames().next("push").get("text").asText()).isEqualTo("{\"from\":\"Python\"}");
        }
    }

    private static String printed(ProcessBuilder python) throws Exception {
        Process process;
        try {
            process = python.redirectErrorStream(true).start();
        } catch (IOException e) {
            assumeTrue(false, "there is no python3: the Python client is not tested");
            throw e;
        }
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertThat(process.waitFor()).as(printed).isZero();
        return printed;
    }
}
