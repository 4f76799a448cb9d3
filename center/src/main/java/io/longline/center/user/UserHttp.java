package io.longline.center.user;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.center.endpoint.Endpoint;
import io.longline.center.endpoint.KnownDevice;
import io.longline.center.unicast.RegisterClient;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.http.HttpRequest;
import io.longline.keeper.http.HttpResponse;
import io.longline.keeper.http.Json;
import io.longline.keeper.id.Ids;
import io.longline.keeper.product.Product;
import io.longline.keeper.rpc.Deadline;
import java.time.Duration;
import java.util.List;

/** {@code GET /v1/users/{user}}. */
public final class UserHttp {
    private static final int OK = 200;

    private final RegisterClient register;
    private final PendingClient inboxes;
    private final Duration patience;

    public UserHttp(RegisterClient register, PendingClient inboxes, Duration patience) {
        this.register = register;
        this.inboxes = inboxes;
        this.patience = patience;
    }

    public HttpResponse get(HttpRequest request) {
        String user = Ids.require("user", request.pathParam("user"));
        String product = request.attached(Product.class).id();
        Deadline deadline = Deadline.after(patience);
        List<KnownDevice> devices = RegisterClient.devices(register.askDevices(product, user, deadline));
        if (devices.isEmpty()) {
            throw new LonglineException(ErrorCode.USER_NOT_FOUND, "user " + user + " was never seen");
        }
        List<Endpoint> endpoints = devices.stream()
                .map(device -> new Endpoint(product, user, device.device()))
                .toList();
        return HttpResponse.json(OK, toJson(user, devices, inboxes.pending(endpoints, deadline)));
    }

    private static ObjectNode toJson(String user, List<KnownDevice> devices, List<Long> pending) {
        ObjectNode json = Json.object();
        json.put("user", user);
        json.put("online", devices.stream().anyMatch(device -> device.route() != null));
        ArrayNode entries = json.putArray("devices");
        for (int i = 0; i < devices.size(); i++) {
            device(entries.addObject(), devices.get(i), pending.get(i));
        }
        json.putArray("topics");
        return json;
    }

    private static void device(ObjectNode entry, KnownDevice device, long pending) {
        entry.put("device", device.device()).put("online", device.route() != null);
        if (device.route() != null) {
            entry.put("room", device.route().place().room())
                    .put("generation", device.route().generation())
                    .put("since_ms", device.route().sinceMs());
        }
        entry.put("last_seen_ms", device.lastSeenMs());
        if (!device.network().isEmpty()) {
            entry.put("network", device.network());
        }
        entry.put("pending", pending);
    }
}
