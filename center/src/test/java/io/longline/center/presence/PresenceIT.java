package io.longline.center.presence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.center.kit.Api.Answer;
import io.longline.center.kit.CenterKit;
import io.longline.keeper.product.PresenceRules;
import io.longline.stores.junit.ZooKeeperExtension;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(60)
class PresenceIT {
    @RegisterExtension
    static final ZooKeeperExtension ZOOKEEPER = new ZooKeeperExtension();

    @SuppressWarnings("NullAway.Init")
    private CenterKit kit;

    @BeforeEach
    void start() {
        kit = new CenterKit(ZOOKEEPER.uri(), Map.of("center.sweep.interval", "1h"));
        kit.products().change("shop", product -> product.with("presence", new PresenceRules(false, true, 0)));
        await().until(() -> kit.api().get("/v1/presence").status() == 200);
    }

    @AfterEach
    void stop() {
        kit.close();
    }

    @Test
    void eventsComeInPagesAndAsOfSaysWhereToGoOn() {
        Answer none = kit.api().get("/v1/presence");
        kit.presence().tell("presence.online", "u1", "phone");
        kit.presence().tell("presence.online", "u2", "");
        kit.presence().tell("presence.offline", "u1", "phone");

        Answer page = kit.api().get("/v1/presence?limit=2&after=" + none.json().path("as_of"));
        Answer rest = kit.api().get("/v1/presence?after=" + page.text("/next"));

        assertThat(none.json().path("items")).isEmpty();
        assertThat(none.json().path("next").isNull()).isTrue();
        assertThat(page.json().path("items").toString())
                .isEqualTo("[{\"id\":101,\"type\":\"presence.online\",\"user\":\"u1\",\"device\":\"phone\","
                        + "\"generation\":1010,\"reason\":\"bound\",\"ts_ms\":7},"
                        + "{\"id\":102,\"type\":\"presence.online\",\"user\":\"u2\",\"generation\":1020,"
                        + "\"reason\":\"bound\",\"ts_ms\":7}]");
        assertThat(page.json().path("as_of").asLong()).isEqualTo(102);
        assertThat(rest.json().path("items")).hasSize(1);
        assertThat(rest.json().path("next").isNull()).isTrue();
        assertThat(rest.json().path("as_of").asLong()).isEqualTo(103);
        assertThat(rest.json().has("gap")).isFalse();
    }

    @Test
    void whoComesBackTooLateIsToldOfTheGap() {
        kit.presence().tell("presence.online", "u1", "phone");
        kit.presence().tell("presence.offline", "u1", "phone");
        kit.presence().forgetOne();

        assertThat(kit.api().get("/v1/presence?after=100").json().path("gap").asLong())
                .isEqualTo(101);
        assertThat(kit.api().get("/v1/presence?after=101").json().has("gap")).isFalse();
        assertThat(kit.api().get("/v1/presence").json().has("gap")).isFalse();
    }

    @Test
    void aSnapshotIsTrueUpToTheEventThatItNamesOnEachPage() {
        kit.presence().tell("presence.online", "u1", "phone");
        Set<String> users = new HashSet<>();
        Answer page = kit.api().get("/v1/presence/snapshot");
        kit.presence().tell("presence.online", "u2", "phone"); // comes behind it
        int pages = 1;
        for (; !page.json().path("next").isNull(); pages++) {
            page.json()
                    .path("items")
                    .forEach(item -> users.add(item.path("user").asText()));
            page = kit.api().get("/v1/presence/snapshot?after=" + page.text("/next"));
            assertThat(page.json().path("as_of").asLong()).isEqualTo(101);
        }
        for (JsonNode item : page.json().path("items")) {
            users.add(item.path("user").asText());
        }

        assertThat(pages).isEqualTo(3);
        assertThat(users).hasSize(240);
    }

    @Test
    void whatIsAskedWronglyIsNamed() {
        assertThat(kit.api().get("/v1/presence?after=x").text("/error/details/0/field"))
                .isEqualTo("after");
        assertThat(kit.api().get("/v1/presence?limit=0").text("/error/details/0/field"))
                .isEqualTo("limit");
        assertThat(kit.api().get("/v1/presence?limit=1000").text("/error/details/0/field"))
                .isEqualTo("limit");
        assertThat(kit.api().get("/v1/presence?colour=red").text("/error/details/0/field"))
                .isEqualTo("colour");
        assertThat(kit.api().get("/v1/presence/snapshot?after=7").text("/error/details/0/field"))
                .isEqualTo("after");
        assertThat(kit.api().get("/v1/presence/snapshot?after=7.256.").status()).isEqualTo(400);
        Answer off = kit.api("news").get("/v1/presence");
        assertThat(off.status()).isEqualTo(403);
        assertThat(off.text("/error/message")).contains("presence.events");
    }
}
