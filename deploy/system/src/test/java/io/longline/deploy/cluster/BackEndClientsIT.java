package io.longline.deploy.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.longline.backend.BackEnd;
import io.longline.deploy.kit.JsonLink;
import io.longline.deploy.kit.SharedCluster;
import io.longline.deploy.kit.TestProduct;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The clients for back ends, at a real cluster. */
final class BackEndClientsIT {
    @RegisterExtension
    static final SharedCluster cluster = new SharedCluster();

    private static final ObjectMapper BODIES = new ObjectMapper();

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
    void theOneInJavaBroadcastsAndChangesTheJob() {
        TestProduct product = cluster.emptyProduct();
        BackEnd backEnd = new BackEnd(cluster.centers(), product.id(), product.apiSecret(), Duration.ofSeconds(20));
        try (JsonLink link = cluster.connect(0, product, user, "phone")) {
            link.frames().next("caught_up");
            String held = backEnd.broadcast(BODIES.createObjectNode()
                            .put("payload", "held")
                            .put("topic", "*held")
                            .put("canary_permille", 1))
                    .get("job_id")
                    .asText();
            assertThat(backEnd.changeJob(held, BODIES.createObjectNode().put("state", "cancelled"))
                            .get("state")
                            .asText())
                    .isEqualTo("cancelled");
            String job = backEnd.broadcast("from Java").get("job_id").asText();
            assertThat(link.frames().next("push").get("text").asText()).isEqualTo("from Java");
            assertThat(backEnd.job(job).get("topic").asText()).isEqualTo("*");
        }
    }

    @Test
    void theOneInPythonSendsAndRecalls() throws Exception {
        String script = """
                import sys
                from longline import BackEnd
                back_end = BackEnd(sys.argv[2:], "demo", "demo-secret")
                print(back_end.recall(back_end.send(sys.argv[1], "recalled")["message_id"])["status"])
                print(back_end.send(sys.argv[1], {"from": "Python"}, device="phone")["status"])
                """;

        assertThat(printed(python(script, user))).isEqualTo("recalled\nstored");

        try (JsonLink link = cluster.connect(0, user)) {
            assertThat(link.frames().next("push").get("text").asText()).isEqualTo("{\"from\":\"Python\"}");
        }
    }

    @Test
    void theOneInPythonBroadcastsAndChangesTheJob() throws Exception {
        TestProduct product = cluster.emptyProduct();
        String script = """
                import sys
                from longline import BackEnd
                back_end = BackEnd(sys.argv[3:], sys.argv[1], sys.argv[2])
                held = back_end.broadcast("held", topic="*held", canary_permille=1)["job_id"]
                print(back_end.change_job(held, state="cancelled")["state"])
                print(back_end.job(back_end.broadcast({"from": "Python"})["job_id"])["topic"])
                """;
        try (JsonLink link = cluster.connect(1, product, user, "phone")) {
            link.frames().next("caught_up");
            assertThat(printed(python(script, product.id(), product.apiSecret())))
                    .isEqualTo("cancelled\n*");
            assertThat(link.frames().next("push").get("text").asText()).isEqualTo("{\"from\":\"Python\"}");
        }
    }

    /** With the centers behind these arguments. */
    private static ProcessBuilder python(String script, String... arguments) {
        Path module = Path.of("../../backend/python").toAbsolutePath().normalize();
        assertThat(module.resolve("longline.py")).exists();
        ProcessBuilder python = new ProcessBuilder("python3", "-B", "-c", script);
        python.command().addAll(List.of(arguments));
        cluster.centers().forEach(center -> python.command().add(center.toString()));
        python.environment().put("PYTHONPATH", module.toString());
        return python;
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
