package io.longline.keeper.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class RedisTopologyTest {

    private static final String BEFORE = """
            aa 10.0.0.1:6379@16379 master - 0 1 1 connected 0-5460
            bb 10.0.0.2:6379@16379 myself,master - 0 1 2 connected 5461-10922
            cc 10.0.0.3:6379@16379 master - 0 1 3 connected 10923-16383
            dd 10.0.0.4:6379@16379 slave aa 0 1 1 connected
            """;

    private static final String AFTER = """
            aa 10.0.0.1:6379@16379 master,fail - 1 1 1 disconnected
            cc 10.0.0.3:6379@16379 myself,master - 0 1 3 connected 10923-16383
            bb 10.0.0.2:6379@16379 master - 0 1 2 connected 5461-10922
            dd 10.0.0.4:6379@16379 master - 0 1 4 connected 0-5460
            """;

    @Test
    void eachSlotHasTheMasterThatClaimsIt() {
        RedisTopology topology = of(BEFORE);

        assertThat(topology.owner(0)).isEqualTo("10.0.0.1:6379");
        assertThat(topology.owner(5460)).isEqualTo("10.0.0.1:6379");
        assertThat(topology.owner(5461)).isEqualTo("10.0.0.2:6379");
        assertThat(topology.owner(16383)).isEqualTo("10.0.0.3:6379");
        assertThat(topology.owners()).containsExactly("10.0.0.1:6379", "10.0.0.2:6379", "10.0.0.3:6379");
    }

    @Test
    void ofNodesThatDisagreeTheOneThatKnowsTheLaterElectionIsBelieved() {
        assertThat(of(BEFORE, AFTER).owner(0)).isEqualTo("10.0.0.4:6379");
        assertThat(of(AFTER, BEFORE).owner(0)).isEqualTo("10.0.0.4:6379");
        assertThat(of(AFTER, BEFORE).owner(16383)).isEqualTo("10.0.0.3:6379");
    }

    @Test
    void aNodeThatDoesNotKnowItsAddressIsWhereItWasAsked() {
        assertThat(of("aa :7001@17001 myself,master - 0 0 0 connected 0-16383\n")
                        .owner(7))
                .isEqualTo("asked:7001");
    }

    @Test
    void aSlotOnItsWayIsStillServedWhereItWas() {
        RedisTopology topology =
                of("aa 10.0.0.1:6379@16379,name myself,master - 0 0 1 connected 0-9 11 [9->-bb] [12-<-bb]\n");

        assertThat(topology.owner(9)).isEqualTo("10.0.0.1:6379");
        assertThat(topology.owner(10)).isNull();
        assertThat(topology.owner(11)).isEqualTo("10.0.0.1:6379");
        assertThat(topology.owner(12)).isNull();
    }

    @Test
    void whoIsNoMasterOrHasNoAddressOwnsNothing() {
        RedisTopology topology = of("""
                aa :0@0 master,noaddr - 0 0 1 disconnected 0-9
                bb 10.0.0.2:6379@16379 handshake,master - 0 0 0 connected 10-19
                cc 10.0.0.3:6379@16379 slave aa 0 0 1 connected 20-29
                """);

        assertThat(topology.owners()).isEmpty();
    }

    private static RedisTopology of(String... nodes) {
        return RedisTopology.of(List.of(nodes).stream()
                .map(text -> new RedisTopology.View("asked", text))
                .toList());
    }
}
