package io.longline.deploy.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.longline.deploy.cluster.DemoProduct;
import io.longline.deploy.kit.CenterApi;
import io.longline.deploy.kit.HookServer;
import io.longline.deploy.kit.SharedCluster;
import io.longline.deploy.kit.SharedFaults;
import io.longline.deploy.kit.TestProduct;
import io.longline.sdk.LonglineClient;
import io.longline.sdk.Message;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Promise 11: an uplink that was acknowledged reaches the back end, in order for each endpoint, whoever is killed. */
@Tag("faults")
final class Promise11UplinksIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int CLIENTS = 6; // so many that there are some at each room
    private static final int EACH = 60;

    @RegisterExtension
    static final SharedFaults faults = new SharedFaults();

    private final TestProduct product = faults.journaled();
    private final HookServer backEnd = new HookServer();
    private final List<Sender> senders =
            Stream.generate(Sender::new).limit(CLIENTS).toList();

    /** An app that sends. */
    private final class Sender {
        final String user = SharedCluster.fresh("sender");
        final List<Message> heard = new CopyOnWriteArrayList<>();
        final LonglineClient client = LonglineClient.builder()
                .dispatcher(faults.cluster().dispatcher().toString())
                .product(product.id())
                .user(user)
                .device("phone")
                .token(() -> product.token(user))
                .heartbeatSeconds(2)
                .listener(heard::add)
                .build();

        List<CompletableFuture<Void>> send(int from, int to) {
            return IntStream.range(from, to)
                    .mapToObj(i -> client.send("order", "n" + i))
                    .toList();
        }
    }

    @BeforeEach
    void start() {
        CenterApi operator = new CenterApi(faults.cluster().centers().getFirst(), "admin", DemoProduct.OPERATOR_SECRET);
        backEnd.serve(operator, faults.api(product, 0), product.id(), "order");
        senders.forEach(sender -> sender.client.start());
    }

    @AfterEach
    void stop() {
        senders.forEach(sender -> sender.client.close());
        backEnd.close();
    }

    private List<CompletableFuture<Void>> sendAll(int from, int to) {
        return senders.stream()
                .flatMap(sender -> sender.send(from, to).stream())
                .toList();
    }

    private static void awaitTaken(List<CompletableFuture<Void>> sent) {
        await().atMost(PATIENCE).until(() -> sent.stream().allMatch(CompletableFuture::isDone));
        sent.forEach(CompletableFuture::join);
    }

    private void awaitDelivered(int count) {
        List<String> texts = IntStream.range(0, count).mapToObj(i -> "n" + i).toList();
        for (Sender sender : senders) {
            await().atMost(PATIENCE).until(() -> backEnd.textsOf(sender.user).size() >= count);
            assertThat(backEnd.textsOf(sender.user)).isEqualTo(texts);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"coordinator-1", "room-1"})
    void whatWasTakenArrivesInOrderThoughAProcessIsKilledInTheMiddle(String victim) {
        awaitTaken(sendAll(0, EACH / 3));
        List<CompletableFuture<Void>> sent = sendAll(EACH / 3, EACH);
        await().atMost(PATIENCE)
                .until(() -> sent.stream().filter(CompletableFuture::isDone).count() > CLIENTS * EACH / 6);

        faults.cluster().part(victim).kill();
        faults.cluster().part(victim).restart();

        awaitTaken(sent);
        awaitDelivered(EACH);
    }

    @Test
    void whatWaitsForABackEndThatIsNotWellOutlivesTheCoordinator() {
        backEnd.well(false);
        awaitTaken(sendAll(0, EACH));

        faults.cluster().part("coordinator-1").kill();
        faults.cluster().part("coordinator-1").restart();
        backEnd.well(true);

        awaitDelivered(EACH);
    }

    @Test
    void aRequestIsAnsweredByTheBackEnd() throws Exception {
        backEnd.replies(event -> "you said " + event.path("text").asText());
        for (Sender sender : senders) {
            Message reply = sender.client
                    .request("order", "hello from " + sender.user, PATIENCE.toMillis())
                    .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);

            assertThat(reply.text()).isEqualTo("you said hello from " + sender.user);
            assertThat(sender.heard).isEmpty();
        }
    }
}
