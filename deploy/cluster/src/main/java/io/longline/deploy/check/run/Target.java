package io.longline.deploy.check.run;

import io.longline.deploy.check.client.Place;
import io.longline.deploy.check.client.Tenant;
import io.longline.deploy.faults.FaultCluster;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What a run is aimed at: where the cluster is spoken to, and the products that the run has there. */
public record Target(List<Place> centers, List<Place> rooms, List<Place> dispatchers, List<Tenant> tenants) {

    public Target {
        centers = List.copyOf(centers);
        rooms = List.copyOf(rooms);
        dispatchers = List.copyOf(dispatchers);
        tenants = List.copyOf(tenants);
    }

    /** Where a fault cluster is spoken to, without products yet. */
    public static Target of(FaultCluster cluster) {
        List<Place> centers = new ArrayList<>();
        for (URI center : cluster.centers()) {
            centers.add(Place.of("center-" + (centers.size() + 1), center));
        }
        List<Place> rooms = new ArrayList<>();
        for (InetSocketAddress room : cluster.rooms()) {
            rooms.add(new Place("room-" + (rooms.size() + 1), room.getHostString(), room.getPort()));
        }
        return new Target(centers, rooms, List.of(Place.of("dispatcher-1", cluster.dispatcher())), List.of());
    }

    public Target with(List<Tenant> others) {
        return new Target(centers, rooms, dispatchers, others);
    }

    Map<String, Tenant> tenantsById() {
        return tenants.stream().collect(Collectors.toMap(Tenant::product, Function.identity()));
    }
}
