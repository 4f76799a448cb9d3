package io.longline.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.keeper.redis.RedisScript;
import io.longline.stores.junit.RedisClusterExtension;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The tests of the event streams, of uplinks, of groups, of presence and of their scripts run once more, on a Redis Cluster. */
@Timeout(180)
class ScriptsOnRedisClusterIT {
    @RegisterExtension
    static final RedisClusterExtension CLUSTER = new RedisClusterExtension();

    @Test
    void whatIsTestedOnOneRedisHoldsOnAClusterAndNoScriptIsLeftOut() throws IOException {
        RedisClusterExtension.Outcome outcome = CLUSTER.run(
                "io.longline.coordinator",
                ".*(RedisEventStreamIT|RedisUplinksIT|RedisRepliesIT|RedisGroupsIT|RedisGroupRegistryIT|RedisPresenceIT|PutBackScriptIT|RedisBacklogIT)");

        assertThat(outcome.failures()).isEmpty();
        assertThat(outcome.tests()).isGreaterThanOrEqualTo(25);
        assertThat(RedisClusterExtension.scripts())
                .hasSizeGreaterThanOrEqualTo(18)
                .map(name -> RedisScript.of(ScriptsOnRedisClusterIT.class, name))
                .allSatisfy(script -> assertThat(CLUSTER.hasRun(script.sha1()))
                        .as("%s has run", script)
                        .isTrue());
    }
}
