package io.longline.center.user;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.center.endpoint.Endpoint;
import io.longline.center.endpoint.KnownDevice;
import io.longline.center.endpoint.KnownUser;
import io.longline.center.http.Fields;
import io.longline.center.http.JsonBody;
import io.longline.center.page.ShardPage;
import io.longline.center.page.ShardPlace;
import io.longline.center.unicast.RegisterClient;
import io.longline.center.wire.Unanswered;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.http.HttpRequest;
import io.longline.keeper.http.HttpResponse;
import io.longline.keeper.http.Json;
import io.longline.keeper.id.Ids;
import io.longline.keeper.product.Product;
import io.longline.keeper.rpc.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/**
 * {@code GET /v1/users/{user}}, and the same of many: which devices a user has, where they are, how much waits for them, and which topics
 * they follow.
 */
public final class UserHttp {
    private static final int OK = 200;
    private static final int MAX_USERS = 1_000;
    private static final int PAGE = 100;
    private static final String DEVICES = "devices";
    private static final String ONLINE = "online";
    private static final String AFTER = "after";
    private static final String TOPICS = "topics";

    private final RegisterClient register;
    private final OnlineClient online;
    private final InboxClient inboxes;
    private final Duration patience;

    public UserHttp(RegisterClient register, OnlineClient online, InboxClient inboxes, Duration patience) {
        this.register = register;
        this.online = online;
        this.inboxes = inboxes;
        this.patience = patience;
    }

    public HttpResponse get(HttpRequest request) {
        String user = Ids.require("user", request.pathParam("user"));
        ObjectNode found = look(request.attached(Product.class), List.of(user)).getFirst();
        if (found.get(DEVICES).isEmpty() && found.get(TOPICS).isEmpty()) {
            throw new LonglineException(ErrorCode.USER_NOT_FOUND, "user " + user + " was never seen");
        }
        return HttpResponse.json(OK, found);
    }

    /** {@code POST /v1/users:batchGet}: the same of many; one never seen has no devices. */
    public HttpResponse batchGet(HttpRequest request) {
        Fields fields = JsonBody.read(request.body()).fields();
        fields.require("users");
        List<String> users = fields.ids("users", MAX_USERS);
        fields.finish();
        ObjectNode json = Json.object();
        json.putArray("users").addAll(look(request.attached(Product.class), users));
        return HttpResponse.json(OK, json);
    }

    /** {@code GET /v1/users?online=true}, in pages: who comes or goes meanwhile is in them or not. */
    public HttpResponse online(HttpRequest request) {
        for (String name : request.query().keySet()) {
            if (!name.equals(ONLINE) && !name.equals(AFTER)) {
                throw LonglineException.invalid(name, "is not known, expected " + ONLINE + " and " + AFTER);
            }
        }
        if (!request.query(ONLINE).orElse("").equals("true")) {
            throw LonglineException.invalid(ONLINE, "expected true: nobody lists all users");
        }
        Product product = request.attached(Product.class);
        ShardPlace from = ShardPlace.read(AFTER, request.query(AFTER));
        ShardPage<String> page = online.page(product.id(), from, PAGE, Deadline.after(patience));
        ObjectNode json = Json.object();
        json.putArray("items").addAll(look(product, page.items()));
        page.next().ifPresentOrElse(next -> json.put("next", next.text()), () -> json.putNull("next"));
        return HttpResponse.json(OK, json);
    }

    /** In their order; all are asked for before the first answer is waited for. */
    private List<ObjectNode> look(Product product, List<String> users) {
        Deadline deadline = Deadline.after(patience);
        List<CompletableFuture<KnownUser>> asked = users.stream()
                .map(user -> register.askUser(product.id(), user, deadline))
                .toList();
        List<KnownUser> known =
                asked.stream().map(one -> Unanswered.join("register", one)).toList();
        List<Endpoint> endpoints = new ArrayList<>();
        for (int i = 0; i < users.size(); i++) {
            String user = users.get(i);
            known.get(i).devices().forEach(device -> endpoints.add(new Endpoint(product.id(), user, device.device())));
        }
        Iterator<Long> pending = inboxes.pending(endpoints, deadline).iterator();
        return IntStream.range(0, users.size())
                .mapToObj(i -> toJson(users.get(i), known.get(i), pending))
                .toList();
    }

    private static ObjectNode toJson(String user, KnownUser known, Iterator<Long> pending) {
        ObjectNode json = Json.object();
        json.put("user", user);
        json.put(ONLINE, known.devices().stream().anyMatch(device -> device.route() != null));
        ArrayNode entries = json.putArray(DEVICES);
        known.devices().forEach(device -> device(entries.addObject(), device, pending.next()));
        known.topics().forEach(json.putArray(TOPICS)::add);
        return json;
    }

    private static void device(ObjectNode entry, KnownDevice device, long pending) {
        entry.put("device", device.device()).put(ONLINE, device.route() != null);
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
