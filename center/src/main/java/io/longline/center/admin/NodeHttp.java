package io.longline.center.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.keeper.discovery.Discovery;
import io.longline.keeper.discovery.Node;
import io.longline.keeper.http.HttpRequest;
import io.longline.keeper.http.HttpResponse;
import io.longline.keeper.http.Json;
import java.util.List;
import java.util.Locale;

/** {@code GET /admin/v1/nodes}: every process of the cluster, as it announces itself. */
public final class NodeHttp {
    private static final int OK = 200;
    private static final List<String> SERVICES =
            List.of("dispatcher", "register", "saver", "coordinator", "center", "room");

    private final Discovery discovery;

    public NodeHttp(Discovery discovery) {
        this.discovery = discovery;
    }

    public HttpResponse list(HttpRequest request) {
        ObjectNode json = Json.object();
        ArrayNode items = json.putArray("items");
        for (String service : SERVICES) {
            discovery.nodes(service).forEach(node -> items.add(toJson(node)));
        }
        return HttpResponse.json(OK, json.putNull("next"));
    }

    private static ObjectNode toJson(Node node) {
        ObjectNode json = Json.object();
        json.put("service", node.service())
                .put("instance", node.instance())
                .put("incarnation", node.incarnation())
                .put("state", node.state().name().toLowerCase(Locale.ROOT))
                .put("rpc", node.rpc())
                .put("http", node.http())
                .put("admin", node.admin())
                .put("region", node.region())
                .put("weight", node.weight())
                .put("load", node.load())
                .put("started_at_ms", node.startedAtMs());
        ArrayNode addresses = json.putArray("addresses");
        node.addresses()
                .forEach(address -> addresses
                        .addObject()
                        .put("host", address.host())
                        .put("port", address.port())
                        .put("tls", address.tls()));
        return json;
    }
}
