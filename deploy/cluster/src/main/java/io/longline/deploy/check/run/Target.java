package io.longline.deploy.check.run;

import io.longline.deploy.check.client.Place;
import io.longline.deploy.check.client.Tenant;
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

    public Target with(List<Tenant> others) {
        return new Target(centers, rooms, dispatchers, others);
    }

    Map<String, Tenant> tenantsById() {
        return tenants.stream().collect(Collectors.toMap(Tenant::product, Function.identity()));
    }
}
