package io.longline.deploy.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.deploy.service.ServiceKind;
import io.longline.keeper.discovery.Node;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.http.Json;
import io.longline.keeper.lease.LeaseHolder;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code longline status}: the members of a cluster, who holds which lease, and what is not well. */
@Command(name = "status", description = "Shows the nodes of the cluster, its leases, and what is not well.")
final class StatusCommand implements Callable<Integer> {
    private static final String ROW = "%-14s %-9s %-10s %-22s %-22s %s%n";

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Mixin
    private final ClusterAddress address = new ClusterAddress();

    /** 1 when something is not well, so that a script can ask. */
    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        List<String> warnings = new ArrayList<>();
        try (ClusterAccess cluster = address.open();
                HttpClient http = HttpClient.newBuilder()
                        .connectTimeout(Duration.ofSeconds(2))
                        .build()) {
            out.printf("cluster %s%n%n", cluster.cluster());
            out.printf(ROW, "INSTANCE", "STATE", "LOAD", "SERVES", "ADMIN", "UP SINCE");
            for (ServiceKind kind : ServiceKind.values()) {
                List<Node> nodes = cluster.nodes(kind.word());
                if (nodes.isEmpty()) {
                    warnings.add("no " + kind.word() + " runs");
                }
                for (Node node : nodes) {
                    out.printf(ROW, columns(node));
                    warnings.addAll(warnings(http, node));
                    node.warnings().forEach(warning -> warnings.add(node.instance() + ": " + warning));
                }
            }
            out.println();
            for (LeaseHolder lease : cluster.leases()) {
                out.printf("lease %-28s %s (fencing %d)%n", lease.lease(), lease.holder(), lease.fencing());
            }
        }
        warnings.forEach(warning -> out.println("WARNING " + warning));
        return warnings.isEmpty() ? 0 : 1;
    }

    private static Object[] columns(Node node) {
        String serves = node.addresses().isEmpty()
                ? node.http().isEmpty() ? node.rpc() : node.http()
                : node.addresses().stream()
                        .map(address -> address.host() + ":" + address.port() + (address.tls() ? " tls" : ""))
                        .collect(Collectors.joining(","));
        return new Object[] {
            node.instance(),
            node.state().name().toLowerCase(Locale.ROOT),
            node.load(),
            serves,
            node.admin(),
            Instant.ofEpochMilli(node.startedAtMs())
        };
    }

    /** What the node itself says it lacks. */
    private static List<String> warnings(HttpClient http, Node node) throws InterruptedException {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + node.admin() + "/readyz"))
                    .timeout(Duration.ofSeconds(2))
                    .build();
            HttpResponse<byte[]> response = http.send(request, BodyHandlers.ofByteArray());
            return response.statusCode() == 200
                    ? List.of()
                    : List.of(node.instance() + " is not ready: " + reasons(response.body()));
        } catch (IOException e) {
            return List.of(node.instance() + " does not answer at " + node.admin() + ": " + e.getMessage());
        }
    }

    private static String reasons(byte[] body) {
        try {
            JsonNode json = Json.parse(body);
            return json.toString();
        } catch (LonglineException e) {
            return "it does not say why";
        }
    }
}
