package io.longline.keeper.discovery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longline.keeper.error.LonglineException;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class NodeTest {

    private static final Node ROOM = new Node(
            "room",
            "room-1",
            7,
            "10.0.0.7:9000",
            "",
            "10.0.0.7:7900",
            List.of(new PublicAddress("room.example.com", 443, true, "room.example.com", "bj")),
            NodeState.DRAINING,
            "bj",
            100,
            12,
            1_700_000_000_000L);

    @Test
    void survivesItsJson() throws IOException {
        assertThat(Node.fromJson(ROOM.toJson())).isEqualTo(ROOM);
    }

    @Test
    void isWrittenInSnakeCase() {
        assertThat(new String(ROOM.toJson(), UTF_8))
                .contains(
                        "\"started_at_ms\":1700000000000",
                        "\"tls_name\":\"room.example.com\"",
                        "\"state\":\"DRAINING\"");
    }

    @Test
    void whatIsWeakWhereItWorksTravelsWithIt() throws IOException {
        Node warned = ROOM.withWarnings(List.of("redis has appendonly=no"));

        assertThat(Node.fromJson(warned.toJson())).isEqualTo(warned);
        assertThat(warned.withLoad(5)
                        .withState(NodeState.READY)
                        .withIncarnation(8)
                        .warnings())
                .containsExactly("redis has appendonly=no");
        assertThat(ROOM.warnings()).isEmpty();
    }

    @Test
    void aNewerReleasesFieldsAreIgnoredAndItsStatesCountAsFull() throws IOException {
        Node node = Node.fromJson("""
                {"service":"room","instance":"room-1","incarnation":7,"state":"WARMING","colour":"red"}
                """.getBytes(UTF_8));

        assertThat(node.state()).isEqualTo(NodeState.FULL);
        assertThat(node.addresses()).isEmpty();
        assertThat(node.http()).isEmpty();
    }

    @Test
    void aNameThatIsNoPathElementIsRefused() {
        assertThatThrownBy(() -> new Node("room", "a/b", 1, "", "", "", List.of(), NodeState.READY, "", 100, 0, 0))
                .isInstanceOf(LonglineException.class)
                .hasMessageContaining("instance");
    }
}
