package io.longline.deploy.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.longline.deploy.kit.Broadcasts;
import io.longline.deploy.kit.SharedCluster;
import io.longline.deploy.kit.SharedFaults;
import io.longline.deploy.kit.TestProduct;
import io.longline.sdk.LonglineClient;
import io.longline.sdk.state.MemoryStateStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Broadcasts come to each app once and in order, while processes are killed and Redis loses what it knew. */
@Tag("faults")
@Tag("alone")
final class BroadcastsUnderFaultsIT {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final int APPS = 4; // so many that there are some at each room
    private static final List<String> TEXTS =
            IntStream.range(0, 6).mapToObj(Integer::toString).toList();

    @RegisterExtension
    static final SharedFaults faults = new SharedFaults();

    private final TestProduct product = faults.product();
    private final Broadcasts broadcasts = faults.broadcasts(product);
    private final List<App> apps = Stream.generate(App::new).limit(APPS).toList();

    /** An app, whose state outlives its restarts. */
    private final class App {
        final String user = SharedCluster.fresh("steadfast");
        final List<String> got = new CopyOnWriteArrayList<>();
        private final MemoryStateStore store = new MemoryStateStore();
        private LonglineClient client = client();

        private LonglineClient client() {
            return LonglineClient.builder()
                    .dispatcher(faults.cluster().dispatcher().toString())
                    .product(product.id())
                    .user(user)
                    .device("phone")
                    .token(() -> product.token(user))
                    .stateStore(store)
                    .heartbeatSeconds(2)
                    .listener(message -> got.add(String.valueOf(message.text())))
                    .build();
        }

        void start() {
            client = client();
            client.start();
            await().atMost(PATIENCE).ignoreExceptions().until(() -> isOnline());
        }

        boolean isOnline() {
            return faults.api(product, 0).user(user).body().path("online").asBoolean();
        }

        void close() {
            client.close();
        }
    }

    @AfterEach
    void close() {
        apps.forEach(App::close);
    }

    private void awaitAll(List<String> texts) {
        await().atMost(PATIENCE).until(() -> apps.stream().allMatch(app -> app.got.size() >= texts.size()));
        for (App app : apps) {
            assertThat(app.got).as(app.user).isEqualTo(texts);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"room-1", "saver-1", "register-1", "redis"})
    void eachComesOnceAndInOrderThoughAProcessIsKilled(String victim) {
        apps.forEach(App::start);
        for (String text : TEXTS) {
            if (text.equals("3")) {
                faults.cluster().part(victim).kill();
                faults.cluster().part(victim).restart();
            }
            broadcasts.begin(text, "");
        }
        awaitAll(TEXTS);
    }

    /** The log, who may read it, where devices begin and how far they are come back from MySQL. */
    @Test
    void whatWasBroadcastOutlivesARedisThatIsEmptiedAndWhatWasCancelledStaysAway() {
        apps.forEach(App::start);
        broadcasts.toTheEnd("had", "");
        awaitAll(List.of("had"));
        apps.forEach(App::close);
        broadcasts.toTheEnd("missed", "");
        // Nobody is there to be in the canary.
        String cancelled = broadcasts.begin("cancelled", ",\"canary_permille\":500");
        broadcasts.awaitState(cancelled, "holding");
        broadcasts.change(cancelled, "\"state\":\"cancelled\"");
        String held = broadcasts.begin("held", ",\"canary_permille\":500");
        broadcasts.awaitState(held, "holding");

        faults.cluster().stores().emptyRedis();

        String queued = broadcasts.begin("queued", "");
        apps.forEach(App::start);
        awaitAll(List.of("had", "missed"));
        assertThat(Broadcasts.state(broadcasts.job(queued))).isEqualTo("queued");

        broadcasts.change(held, "\"state\":\"running\"");
        broadcasts.awaitState(queued, "done");
        awaitAll(List.of("had", "missed", "held", "queued"));
    }

    @Test
    void whatIsCancelledWhileItsCenterIsDeadComesToNobodyElse() {
        apps.forEach(App::start);
        String job = broadcasts.begin("slow", ",\"rate_per_s\":1");
        await().atMost(PATIENCE).until(() -> had("slow") >= 1);
        faults.cluster().part("center-1").kill();
        broadcasts.change(job, "\"state\":\"cancelled\"");
        faults.cluster().part("center-2").kill();
        faults.cluster().part("center-1").restart();
        faults.cluster().part("center-2").restart();
        int had = had("slow");

        broadcasts.toTheEnd("next", "");
        await().atMost(PATIENCE).until(() -> had("next") == APPS);
        assertThat(had("slow")).as("what rooms were asked is over after 3 s").isLessThanOrEqualTo(had + 3);
        for (App app : apps) {
            assertThat(app.got).endsWith("next").doesNotHaveDuplicates();
        }
    }

    private int had(String text) {
        return (int) apps.stream().filter(app -> app.got.contains(text)).count();
    }
}
