package io.longline.deploy.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.deploy.cluster.ClusterException;
import io.longline.keeper.http.Json;
import io.longline.keeper.id.Ids;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code longline uplinks}: reads a group into files, and finishes what is on the disk. */
@Command(
        name = "uplinks",
        description =
                "Reads a group of uplinks into rotated files, as JSON lines, until Ctrl-C. What is on the disk is finished;"
                        + " what was written and not finished comes again.")
final class UplinksCommand implements Callable<Integer> {
    private static final int AT_ONCE = 500;
    private static final Duration LEASE = Duration.ofMinutes(2);
    private static final Duration STOPPING = Duration.ofSeconds(20);

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Mixin
    private final ClusterAddress address = new ClusterAddress();

    @Mixin
    private final ProductSecret secret = new ProductSecret();

    @Option(names = "--product", required = true, paramLabel = "P")
    private String product = "";

    @Option(names = "--type", required = true, paramLabel = "T", description = "The uplinks' type.")
    private String type = "";

    @Option(
            names = "--group",
            required = true,
            paramLabel = "G",
            description = "Is given every uplink of the type; a new one begins at the oldest kept.")
    private String group = "";

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "Made if need be.")
    private Path out = Path.of("");

    @Option(
            names = "--rotate-size",
            paramLabel = "SIZE",
            converter = SizeConverter.class,
            defaultValue = "64MiB",
            description = "A file is complete when it is so large (${DEFAULT-VALUE}),")
    private long rotateSize;

    @Option(
            names = "--rotate-after",
            paramLabel = "PERIOD",
            converter = PeriodConverter.class,
            defaultValue = "1h",
            description = "or so old (${DEFAULT-VALUE}).")
    private Duration rotateAfter = Duration.ZERO;

    @Option(names = "--count", paramLabel = "N", description = "Ends after so many uplinks, or a few more.")
    private int count;

    private final CompletableFuture<Void> stop = new CompletableFuture<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    @Override
    public Integer call() throws IOException {
        Ids.requireProduct("product", product);
        Ids.require("type", type);
        Ids.require("group", group);
        Runtime.getRuntime().addShutdownHook(new Thread(this::stopInOrder, "stop"));
        UplinkFiles.Rotation rotation = new UplinkFiles.Rotation(rotateSize, rotateAfter);
        try (ClusterAccess cluster = address.open();
                HttpClient http = HttpClient.newHttpClient();
                UplinkFiles files =
                        new UplinkFiles(out, encoded(type) + "." + encoded(group), rotation, InstantSource.system())) {
            String path = "/v1/uplinks/" + encoded(type) + "/groups/" + encoded(group);
            GroupConsumer.Access access = new GroupConsumer.Access(path, secret.authorization(product));
            write(new GroupConsumer(http, () -> centers(cluster), access, stop, this::trouble), files);
            return 0;
        } finally {
            ended.complete(null);
        }
    }

    /** What is being written is written to its end, and finished. */
    private void stopInOrder() {
        stop.complete(null);
        ended.completeOnTimeout(null, STOPPING.toMillis(), TimeUnit.MILLISECONDS)
                .join();
    }

    private void write(GroupConsumer consumer, UplinkFiles files) throws IOException {
        int written = 0;
        while (!stop.isDone() && (count == 0 || written < count)) {
            List<ObjectNode> uplinks = consumer.pull(AT_ONCE, LEASE);
            if (uplinks.isEmpty()) {
                files.rotate();
                continue;
            }
            List<String> leases = new ArrayList<>();
            List<byte[]> lines = new ArrayList<>();
            for (ObjectNode uplink : uplinks) {
                leases.add(uplink.remove("lease_id").asText());
                ObjectNode line = Json.object().put("product", product).put("type", type);
                line.setAll(uplink);
                lines.add(Json.bytes(line));
            }
            files.write(lines);
            consumer.finish(leases);
            written += lines.size();
        }
        say(written + " uplinks written");
    }

    private static List<URI> centers(ClusterAccess cluster) {
        try {
            return cluster.allHttp("center");
        } catch (ClusterException e) {
            throw new GroupConsumer.NoCenterException(e);
        }
    }

    private void trouble(String what) {
        say("tries again: " + what);
    }

    private void say(String what) {
        spec.commandLine().getErr().println("longline: " + what);
    }

    private static String encoded(String id) {
        return URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
