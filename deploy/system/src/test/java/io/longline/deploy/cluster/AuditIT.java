package io.longline.deploy.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.deploy.command.Commands;
import io.longline.deploy.kit.Answer;
import io.longline.deploy.kit.JsonLink;
import io.longline.deploy.kit.SharedCluster;
import io.longline.keeper.shard.Shards;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is planted by hand in Redis is found by {@code longline audit}, and mended. */
@Timeout(180)
final class AuditIT {
    @RegisterExtension
    static final SharedCluster cluster = new SharedCluster();

    /** Puts a copy of the newest message of an inbox behind it, as if its hint had been lost and nobody knew of it. */
    private static final String STRAND = """
            local newest = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1]
            local seq = string.format('%.0f', tonumber(string.match(newest[1], '^%d+')) + 1)
            redis.call('XADD', KEYS[1], seq .. '-0', 'e', newest[2][2], 'i', ARGV[1], 'm', newest[2][6])
            return seq
            """;

    private final String ghost = SharedCluster.fresh("ghost");
    private final String lost = SharedCluster.fresh("lost");
    private final String stranded = SharedCluster.fresh("stranded");

    private static String redis(String... command) {
        return cluster.cluster().stores().redis().orElseThrow().tell(command);
    }

    private static String routes(String user) {
        return Shards.tag(Shards.of("demo", user)) + ":route:demo/" + user;
    }

    private static boolean isOnline(String user) {
        return cluster.api().user(user).body().get("online").asBoolean();
    }

    private static JsonLink connect(String user) {
        JsonLink link = cluster.connect(0, user);
        link.frames().pushesUntilCaughtUp();
        return link;
    }

    private void plantGhost(JsonLink of, String itsUser) {
        assertThat(of.isClosed()).isFalse();
        connect(ghost).close();
        await().atMost(Duration.ofSeconds(60)).until(() -> !isOnline(ghost));
        String[] words = redis("HGET", routes(itsUser), "phone").split(" ", -1);
        words[3] = "100000"; // a slot that no session has
        redis("HSET", routes(ghost), "phone", String.join(" ", words));
        assertThat(isOnline(ghost)).isTrue();
    }

    private Answer plantLostSession() {
        redis("HDEL", routes(lost), "phone");
        assertThat(isOnline(lost)).isFalse();
        Answer push = cluster.api().push(lost, "while it was lost");
        assertThat(push.state()).isEqualTo("stored");
        return push;
    }

    private long plantStrandedMessage(JsonLink link) {
        assertThat(cluster.api().push(stranded, "twice").state()).isEqualTo("written");
        assertThat(link.frames().next("push").get("text").asText()).isEqualTo("twice");
        String inbox = Shards.tag(Shards.of("demo", stranded)) + ":inbox:demo/" + stranded + "/phone";
        return Long.parseLong(redis("EVAL", STRAND, "1", inbox, "by-hand"));
    }

    @Test
    void ghostsLostSessionsAndStrandedMessagesAreFoundAndMended() {
        try (JsonLink losing = connect(lost);
                JsonLink missing = connect(stranded)) {
            long seq = plantStrandedMessage(missing);
            plantGhost(missing, stranded);
            Answer stored = plantLostSession();

            Commands.Run audit = Commands.run("audit");

            assertThat(audit.exitCode()).as(audit.err()).isZero();
            assertThat(audit.out().lines())
                    .anyMatch(line -> line.matches("ghost .*user=" + ghost + " device=phone .* mended"))
                    .anyMatch(line -> line.matches("lost-session .*user=" + lost + " device=phone .* mended"))
                    .anyMatch(line -> line.matches("stranded-message .*user=" + stranded + " .*seq=" + seq + " mended"))
                    .anyMatch(line -> line.matches("looked at \\d+ routes and \\d+ sessions"));
            assertThat(isOnline(ghost)).isFalse();
            assertThat(isOnline(lost)).isTrue();
            assertThat(missing.frames().next("push").get("seq").asLong()).isEqualTo(seq);
            JsonNode late = losing.frames().skipTo("push", "caught_up");
            assertThat(late.get("message_id").asText()).isEqualTo(stored.messageId());
            assertThat(cluster.api().push(lost, "again").state()).isEqualTo("written");
            assertThat(losing.frames().skipTo("push", "caught_up").get("text").asText())
                    .isEqualTo("again");

            Commands.Run second = Commands.run("audit", "--rate", "1000");

            assertThat(second.exitCode()).as(second.err()).isZero();
            assertThat(second.out()).doesNotContain(ghost, lost, stranded);
        }
    }

    @Test
    void aRateThatCannotBeIsNamed() {
        Commands.Run audit = Commands.run("audit", "--rate", "100001");

        assertThat(audit.exitCode()).isNotZero();
        assertThat(audit.err()).contains("rate_per_s", "is 100001, expected 1 to 100000");
    }
}
