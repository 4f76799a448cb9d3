package io.longline.deploy.command;

import io.longline.deploy.cluster.ClusterStores;
import io.longline.deploy.cluster.DemoProduct;
import io.longline.deploy.cluster.LocalCluster;
import io.longline.deploy.service.RunningService;
import io.longline.deploy.service.ServiceKind;
import java.io.PrintWriter;
import java.nio.file.Path;

/** What {@code up} tells: where everything is, and the first two lines to try. */
final class ClusterSummary {
    private static final String CHANGED = "(changed since)";

    private final LocalCluster cluster;
    private final boolean apiSecret;
    private final boolean operatorSecret;

    /** @param access to it, for what an operator may have changed in an earlier run */
    ClusterSummary(LocalCluster cluster, ClusterAccess access) {
        this.cluster = cluster;
        this.apiSecret =
                access.product(DemoProduct.ID).scopeOf(DemoProduct.API_SECRET).isPresent();
        this.operatorSecret = DemoProduct.OPERATOR_SECRET.equals(
                access.config(ServiceKind.CENTER.word()).read().get(DemoProduct.OPERATOR_SECRET_KEY));
    }

    void print(PrintWriter out) {
        ClusterStores stores = cluster.stores();
        out.println();
        out.println("  " + stores.redisUri());
        out.println("  " + stores.mysqlUrl());
        out.println("  zookeeper " + stores.zookeeperHosts());
        out.println();
        cluster.services().forEach(service -> out.println("  " + line(service)));
        out.println();
        out.printf(
                "  product %s, API secret %s; operator admin, secret %s%n",
                DemoProduct.ID,
                apiSecret ? DemoProduct.API_SECRET : CHANGED,
                operatorSecret ? DemoProduct.OPERATOR_SECRET : CHANGED);
        out.printf("  log %s%n", cluster.options().data().resolve("longline.log"));
        out.println();
        out.println("listen:");
        out.println("  " + listenLine());
        out.println("push:");
        out.println("  " + curlLine());
        out.println();
    }

    private static String line(RunningService service) {
        String where = switch (service.plan().kind()) {
            case DISPATCHER, CENTER -> "http://127.0.0.1:" + service.port();
            case ROOM -> "127.0.0.1:" + service.port();
            case REGISTER, SAVER, COORDINATOR -> "";
        };
        return "%-14s %-22s admin http://127.0.0.1:%d".formatted(service.instance(), where, service.admin());
    }

    /** Names the cluster, so that it works from every folder and beside other clusters. */
    private String listenLine() {
        String program = System.getProperty(
                "longline.program", Path.of("deploy", "longline").toString());
        return quoted(program) + " listen --zookeeper " + cluster.stores().zookeeperHosts() + " --cluster "
                + cluster.options().name() + " --product " + DemoProduct.ID + " --user alice";
    }

    private String curlLine() {
        return "curl -u %s:%s %s/v1/messages:send -d '{\"target\":{\"user\":\"alice\"},\"payload\":\"hello\"}'"
                .formatted(DemoProduct.ID, apiSecret ? DemoProduct.API_SECRET : "SECRET", cluster.center(0));
    }

    /** As one word for a shell. */
    static String quoted(String word) {
        return word.matches("[A-Za-z0-9_./+:@%,=-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
