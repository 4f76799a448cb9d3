package io.longline.deploy.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.deploy.command.Commands;
import io.longline.deploy.faults.FaultCluster;
import io.longline.deploy.kit.Answer;
import io.longline.deploy.kit.CenterApi;
import io.longline.deploy.kit.SharedCluster;
import io.longline.deploy.kit.SharedFaults;
import io.longline.deploy.kit.TestProduct;
import io.longline.keeper.http.Json;
import io.longline.sdk.LonglineClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Groups have every uplink that was acknowledged to its client, one over HTTP and one in files, though the coordinator is killed. */
@Tag("faults")
final class UplinkGroupsIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int CLIENTS = 4;
    private static final int EACH = 30;

    @RegisterExtension
    static final SharedFaults faults = new SharedFaults();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private final String type = SharedCluster.fresh("order");
    private final TestProduct product = faults.journaled();
    private final List<LonglineClient> clients = new ArrayList<>();
    private final List<String> users =
            Stream.generate(() -> SharedCluster.fresh("sender")).limit(CLIENTS).toList();

    @BeforeEach
    void start() {
        for (String user : users) {
            LonglineClient client = LonglineClient.builder()
                    .dispatcher(faults.cluster().dispatcher().toString())
                    .product(product.id())
                    .user(user)
                    .device("phone")
                    .token(() -> product.token(user))
                    .heartbeatSeconds(2)
                    .listener(_ -> {})
                    .build();
            client.start();
            clients.add(client);
        }
    }

    @AfterEach
    void stop() {
        clients.forEach(LonglineClient::close);
    }

    private CenterApi api(int turn) {
        return faults.api(product, turn % 2);
    }

    private String path(String group) {
        return "/v1/uplinks/" + type + "/groups/" + group;
    }

    private List<CompletableFuture<Void>> send(int from, int to) {
        return clients.stream()
                .flatMap(client -> IntStream.range(from, to).mapToObj(i -> client.send(type, "n" + i)))
                .toList();
    }

    private Set<String> everything() {
        Set<String> all = new HashSet<>();
        users.forEach(user -> IntStream.range(0, EACH).forEach(i -> all.add(user + "/n" + i)));
        return all;
    }

    private static String name(JsonNode uplink) {
        return uplink.path("user").asText() + "/" + uplink.path("text").asText();
    }

    /** What one consumer is given and finishes, until it is everything. */
    private List<String> read(String group) {
        List<String> read = new ArrayList<>();
        Set<String> all = everything();
        for (int turn = 0; !new HashSet<>(read).containsAll(all); turn++) {
            Answer pulled = api(turn).post(path(group) + ":pull", "{\"wait_ms\":1000,\"lease_ms\":2000,\"max\":17}");
            List<String> leases = new ArrayList<>();
            pulled.body().path("uplinks").forEach(uplink -> {
                read.add(name(uplink));
                leases.add("\"" + uplink.path("lease_id").asText() + "\"");
            });
            if (!leases.isEmpty()) {
                api(turn).post(path(group) + ":finish", "{\"lease_ids\":[" + String.join(",", leases) + "]}");
            }
        }
        return read;
    }

    private Set<String> files() {
        Set<String> found = new HashSet<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".jsonl")).toList()) {
                for (String line : Files.readAllLines(file)) {
                    found.add(name(Json.parse(line.getBytes(StandardCharsets.UTF_8))));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }

    /** The command, once more where it was given some twice. */
    private Set<String> write(String group) {
        Set<String> found = files();
        while (!found.containsAll(everything())) {
            Commands.Run run = Commands.run(
                    "uplinks",
                    "--zookeeper",
                    faults.cluster().stores().zookeeperHosts(),
                    "--cluster",
                    FaultCluster.NAME,
                    "--product",
                    product.id(),
                    "--secret",
                    product.apiSecret(),
                    "--type",
                    type,
                    "--group",
                    group,
                    "--out",
                    folder.toString(),
                    "--rotate-size",
                    "4KiB",
                    "--count",
                    Integer.toString(CLIENTS * EACH - found.size()));
            assertThat(run.exitCode()).as(run.err()).isZero();
            found = files();
        }
        return found;
    }

    private JsonNode standing() {
        JsonNode items = api(0).get("/v1/uplinks?after=" + type.substring(0, type.length() - 1))
                .body()
                .path("items");
        return items.valueStream()
                .filter(item -> item.path("type").asText().equals(type))
                .findFirst()
                .orElse(Json.object());
    }

    @Test
    void eachGroupHasEverythingThatWasAcknowledgedThoughTheCoordinatorIsKilled() {
        List<CompletableFuture<Void>> early = send(0, EACH / 3);
        await().atMost(PATIENCE).until(() -> early.stream().allMatch(CompletableFuture::isDone));
        for (String group : List.of("billing", "files")) {
            Answer given = api(0).post(path(group) + ":pull", "{\"max\":1,\"lease_ms\":1000}");
            assertThat(given.body().path("uplinks")).hasSize(1); // and never finished
        }
        CompletableFuture<List<String>> billing = CompletableFuture.supplyAsync(() -> read("billing"));
        CompletableFuture<Set<String>> written = CompletableFuture.supplyAsync(() -> write("files"));

        List<CompletableFuture<Void>> sent = send(EACH / 3, EACH);
        await().atMost(PATIENCE)
                .until(() -> sent.stream().filter(CompletableFuture::isDone).count() > CLIENTS * EACH / 6);
        faults.cluster().part("coordinator-1").kill();
        faults.cluster().part("coordinator-1").restart();

        await().atMost(PATIENCE).until(() -> sent.stream().allMatch(CompletableFuture::isDone));
        sent.forEach(CompletableFuture::join);
        await().atMost(PATIENCE).until(billing::isDone);
        assertThat(billing.join()).containsAll(everything());
        await().atMost(PATIENCE).until(written::isDone);
        assertThat(written.join()).isEqualTo(everything());
        await().atMost(PATIENCE).until(() -> standing().path("groups").size() == 2);
        for (String group : List.of("billing", "files")) {
            await().atMost(PATIENCE)
                    .until(() -> api(0).exchange("DELETE", path(group), "").status() == 200);
        }
    }
}
