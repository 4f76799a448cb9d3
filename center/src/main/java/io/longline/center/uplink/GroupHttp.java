package io.longline.center.uplink;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.center.http.Fields;
import io.longline.center.http.JsonBody;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.http.HttpRequest;
import io.longline.keeper.http.HttpResponse;
import io.longline.keeper.http.Json;
import io.longline.keeper.id.Ids;
import io.longline.keeper.product.Product;
import io.longline.keeper.rpc.Deadline;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;

/** {@code GET /v1/uplinks}, and what there is of {@code /v1/uplinks/{type}/groups/{group}}: pull, finish, requeue, forget. */
public final class GroupHttp implements AutoCloseable {
    private static final int OK = 200;
    private static final int MOST_PULLED = 1_000;
    private static final int USUALLY_PULLED = 100;
    private static final int MOST_WAIT_MS = 60_000;
    private static final int LEAST_LEASE_MS = 1_000;
    private static final int MOST_LEASE_MS = 3_600_000;
    private static final int USUAL_LEASE_MS = 30_000;
    private static final int MOST_DELAY_MS = 86_400_000;
    private static final int MOST_LEASES = 1_000;
    private static final int PAGE = 20;
    private static final String DELAY = "delay_ms";
    private static final String AFTER = "after";
    private static final byte[] NO_FIELDS = "{}".getBytes(StandardCharsets.UTF_8);

    private final GroupClient groups;
    private final PullWait pulls;
    private final Duration patience;

    public GroupHttp(GroupClient groups, Duration patience) {
        this.groups = groups;
        this.pulls = new PullWait(groups, patience);
        this.patience = patience;
    }

    public HttpResponse pull(HttpRequest request) {
        byte[] body = request.body();
        Fields fields = JsonBody.read(body.length == 0 ? NO_FIELDS : body).fields();
        Pull pull = new Pull(
                fields.id("consumer").orElseGet(request::remoteAddress),
                fields.integer("max", USUALLY_PULLED, 1, MOST_PULLED),
                Duration.ofMillis(fields.integer("wait_ms", 0, 0, MOST_WAIT_MS)),
                Duration.ofMillis(fields.integer("lease_ms", USUAL_LEASE_MS, LEAST_LEASE_MS, MOST_LEASE_MS)));
        fields.finish();
        List<Uplink> uplinks = pulls.pull(group(request), pull);
        ObjectNode json = Json.object();
        ArrayNode items = json.putArray("uplinks");
        uplinks.forEach(uplink -> put(items.addObject(), uplink));
        return HttpResponse.json(OK, json);
    }

    private static void put(ObjectNode json, Uplink uplink) {
        json.put("lease_id", uplink.leaseId())
                .put("id", uplink.id())
                .put("event_id", uplink.eventId())
                .put("user", uplink.sender().user())
                .put("device", uplink.sender().device())
                .put("generation", uplink.sender().generation())
                .put("seq", uplink.seq())
                .put("ts_ms", uplink.tsMs());
        if (uplink.isText()) {
            json.put("text", uplink.payload().toStringUtf8());
        } else {
            json.put("data", Base64.getEncoder().encodeToString(uplink.payload().toByteArray()));
        }
    }

    public HttpResponse finish(HttpRequest request) {
        Fields fields = JsonBody.read(request.body()).fields();
        List<String> leaseIds = leaseIds(fields);
        int _ = fields.integer(DELAY, 0, 0, 0); // what is done does not come again
        fields.finish();
        return settled("finished", groups.finish(group(request), leaseIds, Deadline.after(patience)));
    }

    public HttpResponse requeue(HttpRequest request) {
        Fields fields = JsonBody.read(request.body()).fields();
        List<String> leaseIds = leaseIds(fields);
        Duration delay = Duration.ofMillis(fields.integer(DELAY, 0, 0, MOST_DELAY_MS));
        fields.finish();
        return settled("requeued", groups.requeue(group(request), leaseIds, delay, Deadline.after(patience)));
    }

    private static List<String> leaseIds(Fields fields) {
        fields.require("lease_ids");
        return fields.ids("lease_ids", MOST_LEASES);
    }

    private static HttpResponse settled(String word, Settled settled) {
        ObjectNode json = Json.object().put(word, settled.count());
        settled.gone().forEach(json.putArray("gone")::add);
        return HttpResponse.json(OK, json);
    }

    public HttpResponse forget(HttpRequest request) {
        Group group = group(request);
        if (!groups.drop(group, Deadline.after(patience))) {
            throw new LonglineException(
                    ErrorCode.NOT_FOUND, "no group " + group.name() + " reads uplinks of type " + group.type());
        }
        return HttpResponse.json(OK, Json.object().put("group", group.name()).put("deleted", true));
    }

    public HttpResponse list(HttpRequest request) {
        for (String name : request.query().keySet()) {
            if (!name.equals(AFTER)) {
                throw LonglineException.invalid(name, "is not known, expected no other than " + AFTER);
            }
        }
        String after =
                request.query(AFTER).map(type -> Ids.require(AFTER, type)).orElse("");
        GroupClient.Page page =
                groups.list(request.attached(Product.class).id(), after, PAGE, Deadline.after(patience));
        ObjectNode json = Json.object();
        ArrayNode items = json.putArray("items");
        page.types().forEach(type -> put(items.addObject(), type));
        if (page.more()) {
            json.put("next", page.types().getLast().type());
        } else {
            json.putNull("next");
        }
        return HttpResponse.json(OK, json);
    }

    private static void put(ObjectNode json, UplinkType type) {
        json.put("type", type.type())
                .put("callback", type.hasCallback())
                .put("waiting", type.waiting())
                .put("oldest_age_ms", type.oldestAgeMs());
        ArrayNode groups = json.putArray("groups");
        type.groups()
                .forEach(group -> groups.addObject()
                        .put("group", group.group())
                        .put("depth", group.depth())
                        .put("in_flight", group.inFlight())
                        .put("consumers", group.consumers())
                        .put("oldest_age_ms", group.oldestAgeMs()));
    }

    private static Group group(HttpRequest request) {
        return new Group(
                request.attached(Product.class).id(),
                Ids.require("type", request.pathParam("type")),
                Ids.require("group", request.pathParam("group")));
    }

    /** Pulls that wait are answered soon. */
    @Override
    public void close() {
        pulls.close();
    }
}
