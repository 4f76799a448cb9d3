package io.longline.deploy.failover;

import io.longline.deploy.cluster.LocalCluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;

/** What register and saver say of rebuilds. */
final class ClusterGauges {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final LocalCluster cluster;

    ClusterGauges(LocalCluster cluster) {
        this.cluster = cluster;
    }

    /** Shards whose routes were rebuilt since the start. */
    long shardsOfRoutes() {
        return sum("register-1", "longline_register_restored_total", "what=\"shard\"");
    }

    /** Shards whose inboxes were. */
    long shardsOfInboxes() {
        return sum("saver-1", "longline_saver_rebuild_shards_total", "");
    }

    private long sum(String instance, String metric, String tag) {
        return metrics(cluster.service(instance).admin())
                .lines()
                .filter(line -> line.startsWith(metric) && line.contains(tag))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private static String metrics(int port) {
        try {
            URI uri = URI.create("http://127.0.0.1:" + port + "/metrics");
            return HTTP.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
