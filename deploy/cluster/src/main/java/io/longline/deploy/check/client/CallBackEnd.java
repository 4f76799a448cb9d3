package io.longline.deploy.check.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.deploy.check.history.EndpointId;
import io.longline.deploy.check.history.GroupEvent.Lent;
import io.longline.deploy.check.history.History;
import io.longline.deploy.check.history.Notice;
import io.longline.deploy.check.history.PresenceEvent;
import io.longline.deploy.check.history.PullGroup;
import io.longline.keeper.http.Json;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What back ends set, pull and read of uplinks and of who is online. Any thread. */
public final class CallBackEnd {
    private static final int OK = 200;

    private final History history;
    private final Tally tally;
    private final Centers centers;
    private final Map<String, Long> readUpTo = new ConcurrentHashMap<>();

    public CallBackEnd(History history, Tally tally, Centers centers) {
        this.history = history;
        this.tally = tally;
        this.centers = centers;
    }

    // ---- callbacks ----

    /** Has a product's events of these kinds come to a hook, and no others anywhere. */
    public void serve(String product, List<String> kinds, Hook hook) {
        ObjectNode body = Json.object();
        ArrayNode list = body.putArray("callbacks");
        kinds.forEach(kind -> list.addObject()
                .put("kind", kind)
                .put("url", hook.url())
                .put("secret", Hook.SECRET)
                .put("timeout_ms", Hook.TIMEOUT_MS)
                .put("max_in_flight", 8));
        HttpResponse<byte[]> answer = put(product, body)
                .orElseThrow(() -> new IllegalStateException("no center takes the callbacks of " + product));
        if (answer.statusCode() != OK) {
            throw new IllegalStateException("callbacks of " + product + " are refused: " + Json.parse(answer.body()));
        }
        kinds.forEach(kind -> history.calls().served(product, kind));
    }

    /** Nobody of the product is called any more. */
    public void leave(String product) {
        ObjectNode body = Json.object();
        body.putArray("callbacks");
        Optional<HttpResponse<byte[]>> _ = put(product, body);
    }

    private Optional<HttpResponse<byte[]>> put(String product, ObjectNode body) {
        for (int attempt = 1; attempt <= 5; attempt++) {
            Optional<HttpResponse<byte[]>> answer =
                    exchange(centers.request(product, centers.at(attempt), "/v1/callbacks")
                            .PUT(BodyPublishers.ofByteArray(Json.bytes(body))));
            if (answer.isPresent() && answer.get().statusCode() != 503) {
                return answer;
            }
            Centers.pause(List.of(), attempt);
        }
        return Optional.empty();
    }

    // ---- groups ----

    /** What a consumer gets; empty also where there was no answer. */
    public List<Lent> pull(PullGroup group, int most, Duration lease, Duration wait, int center) {
        ObjectNode body =
                Json.object().put("max", most).put("lease_ms", lease.toMillis()).put("wait_ms", wait.toMillis());
        long begunAt = history.time();
        Optional<JsonNode> answer = post(group, ":pull", body, center);
        List<Lent> lent = new ArrayList<>();
        answer.ifPresent(json -> {
            json.path("uplinks").forEach(each -> lent.add(lent(group, each)));
            history.calls().pulled(group, begunAt, lease, lent);
        });
        return lent;
    }

    private static Lent lent(PullGroup group, JsonNode each) {
        EndpointId endpoint = new EndpointId(
                group.product(), each.path("user").asText(), each.path("device").asText());
        return new Lent(
                each.path("lease_id").asText(),
                new Notice(
                        each.path("event_id").asText(),
                        Notice.UPLINK + group.type(),
                        endpoint,
                        each.path("id").asText(),
                        "",
                        each.path("generation").asLong(),
                        each.path("seq").asLong(),
                        "",
                        each.path("text").asText()));
    }

    public void finish(PullGroup group, Set<String> leaseIds, int center) {
        history.calls().settleBegun(group, leaseIds, true);
        post(group, ":finish", leases(leaseIds), center).ifPresent(json -> {
            Set<String> done = new HashSet<>(leaseIds);
            json.path("gone").forEach(gone -> done.remove(gone.asText()));
            history.calls().finished(group, done);
        });
    }

    public void giveBack(PullGroup group, Set<String> leaseIds, Duration delay, int center) {
        history.calls().settleBegun(group, leaseIds, false);
        Optional<JsonNode> _ = post(group, ":requeue", leases(leaseIds).put("delay_ms", delay.toMillis()), center);
    }

    private static ObjectNode leases(Set<String> leaseIds) {
        ObjectNode body = Json.object();
        leaseIds.forEach(body.putArray("lease_ids")::add);
        return body;
    }

    private Optional<JsonNode> post(PullGroup group, String verb, ObjectNode body, int first) {
        Place center = centers.at(first);
        long begunAt = history.time();
        String path = "/v1/uplinks/" + group.type() + "/groups/" + group.name() + verb;
        Optional<HttpResponse<byte[]>> answer = exchange(
                centers.request(group.product(), center, path).POST(BodyPublishers.ofByteArray(Json.bytes(body))));
        tally.count("groups" + verb + " "
                + answer.map(each -> "" + each.statusCode()).orElse("no answer"));
        return answer.flatMap(each -> read("groups" + verb, center, begunAt, each));
    }

    /** The group is no more. */
    public void leave(PullGroup group) {
        String path = "/v1/uplinks/" + group.type() + "/groups/" + group.name();
        Optional<HttpResponse<byte[]>> _ =
                exchange(centers.request(group.product(), centers.at(0), path).DELETE());
    }

    // ---- who is online ----

    /** Reads on in the log, as far as it goes. */
    public void readPresence(String product, int first) {
        Optional<JsonNode> page;
        do {
            long after = readUpTo.getOrDefault(product, 0L);
            long begunAt = history.time();
            page = get(product, "/v1/presence?limit=500" + (after == 0 ? "" : "&after=" + after), first);
            page.ifPresent(json -> {
                List<PresenceEvent.Entry> entries = new ArrayList<>();
                json.path("items").forEach(each -> entries.add(entry(product, each)));
                history.calls().presenceRead(product, begunAt, after, json.has("gap"), entries);
                readUpTo.put(product, json.path("as_of").asLong());
            });
        } while (page.filter(json -> json.path("next").isTextual()).isPresent());
    }

    private static PresenceEvent.Entry entry(String product, JsonNode each) {
        return new PresenceEvent.Entry(
                each.path("id").asLong(),
                each.path("type").asText(),
                endpoint(product, each),
                each.path("generation").asLong(),
                each.path("reason").asText());
    }

    private static EndpointId endpoint(String product, JsonNode each) {
        return new EndpointId(
                product, each.path("user").asText(), each.path("device").asText());
    }

    /** Reads who is online, all of it. */
    public void readSnapshot(String product, int first) {
        long begunAt = history.time();
        Set<EndpointId> online = new HashSet<>();
        String after = "";
        do {
            Optional<JsonNode> page =
                    get(product, "/v1/presence/snapshot" + (after.isEmpty() ? "" : "?after=" + after), first);
            if (page.isEmpty()) {
                return;
            }
            page.get().path("items").forEach(each -> online.add(endpoint(product, each)));
            after = page.get().path("next").isTextual()
                    ? page.get().path("next").asText()
                    : "";
        } while (!after.isEmpty());
        history.calls().snapshot(product, begunAt, online);
    }

    private Optional<JsonNode> get(String product, String path, int first) {
        Place center = centers.at(first);
        long begunAt = history.time();
        Optional<HttpResponse<byte[]>> answer =
                exchange(centers.request(product, center, path).GET());
        tally.count("presence: " + answer.map(each -> "" + each.statusCode()).orElse("no answer"));
        return answer.flatMap(each -> read("GET " + path, center, begunAt, each));
    }

    // ---- requests ----

    /** Of a success; whatever is neither that nor 503 nor 429 is told. */
    private Optional<JsonNode> read(String what, Place center, long begunAt, HttpResponse<byte[]> response) {
        int status = response.statusCode();
        if (status == OK) {
            return AnswerReader.parse(response);
        }
        if (status != 503 && status != 429) {
            String said = status + " "
                    + AnswerReader.parse(response).map(JsonNode::toString).orElse("no JSON");
            history.broken(
                    15,
                    center.instance() + " answered " + what + " after " + (history.time() - begunAt) / 1_000_000
                            + " ms: " + said);
        }
        return Optional.empty();
    }

    private Optional<HttpResponse<byte[]>> exchange(HttpRequest.Builder request) {
        try {
            return Optional.of(centers.exchange(request.build()));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
