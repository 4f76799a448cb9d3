package io.longline.deploy.cluster;

import io.longline.deploy.service.ServiceKind;
import io.longline.deploy.service.ServicePlan;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Which instances a cluster has, and on which ports. */
final class ClusterPlan {

    /** Whom others need first; whoever brings clients comes last. */
    private static final List<ServiceKind> START_ORDER = List.of(
            ServiceKind.SAVER,
            ServiceKind.REGISTER,
            ServiceKind.ROOM,
            ServiceKind.COORDINATOR,
            ServiceKind.CENTER,
            ServiceKind.DISPATCHER);

    private final ClusterOptions options;
    private final List<ServicePlan> plans = new ArrayList<>();

    ClusterPlan(ClusterOptions options) {
        this.options = options;
        for (ServiceKind kind : ServiceKind.values()) {
            for (int index = 0; index < count(kind); index++) {
                plans.add(plan(kind, index));
            }
        }
    }

    private ServicePlan plan(ServiceKind kind, int index) {
        int port = switch (kind) {
            case DISPATCHER -> options.ports().dispatcher();
            case CENTER -> ClusterPorts.nth(options.ports().center(), index);
            case ROOM -> ClusterPorts.nth(options.ports().room(), index);
            case REGISTER, SAVER, COORDINATOR -> 0;
        };
        int admin = ClusterPorts.nth(options.ports().admin(), plans.size());
        return new ServicePlan(kind, kind.word() + "-" + (index + 1), port, admin, Map.of());
    }

    private int count(ServiceKind kind) {
        return switch (kind) {
            case ROOM -> options.rooms();
            case CENTER -> options.centers();
            case DISPATCHER, REGISTER, SAVER, COORDINATOR -> 1;
        };
    }

    /** Told before anything is started, and by the option that moves the port. */
    void requireFreePorts() {
        for (ServicePlan plan : plans) {
            requireFree(plan.port(), "--" + plan.kind().word() + "-port", plan.instance());
            requireFree(plan.admin(), "--admin-port", plan.instance());
        }
    }

    private static void requireFree(int port, String option, String instance) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(port));
        } catch (IOException e) {
            throw new ClusterException(
                    "port " + port + " for " + instance + " is in use; choose others with " + option, e);
        }
    }

    /** With everything that they need to know of the stores. */
    List<ServicePlan> inStartOrder(ClusterStores stores) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("cluster", options.name());
        settings.put("zookeeper.hosts", stores.zookeeperHosts());
        settings.put("redis.uri", stores.redisUri());
        settings.put("mysql.url", stores.mysqlUrl());
        settings.put("advertise.host", "127.0.0.1");
        settings.putAll(options.settings());
        return plans.stream()
                .map(plan -> new ServicePlan(plan.kind(), plan.instance(), plan.port(), plan.admin(), settings))
                .sorted(Comparator.comparingInt(plan -> START_ORDER.indexOf(plan.kind())))
                .toList();
    }
}
