package io.longline.center.presence;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.center.page.After;
import io.longline.center.wire.Unanswered;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.http.HttpRequest;
import io.longline.keeper.http.HttpResponse;
import io.longline.keeper.http.Json;
import io.longline.keeper.product.Product;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.shard.Shards;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** {@code GET /v1/presence}: events that were told, and {@code GET /v1/presence/snapshot}: who is online by them. */
public final class PresenceHttp {
    private static final int OK = 200;
    private static final int USUAL_LIMIT = 100;
    private static final int MOST = 1_000;
    private static final int MOST_AT_ONCE = 64;
    private static final String LIMIT = "limit";
    private static final Pattern ID = Pattern.compile("[0-9]{1,16}");
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,4}");

    private final PresenceClient client;
    private final Duration patience;

    public PresenceHttp(PresenceClient client, Duration patience) {
        this.client = client;
        this.patience = patience;
    }

    /** The oldest first. As {@code as_of} it answers where to go on, also where there is nothing behind it yet. */
    public HttpResponse events(HttpRequest request) {
        for (String name : request.query().keySet()) {
            if (!name.equals(After.FIELD) && !name.equals(LIMIT)) {
                throw LonglineException.invalid(name, "is not known, expected " + After.FIELD + " and " + LIMIT);
            }
        }
        Optional<Long> after = request.query(After.FIELD).map(PresenceHttp::id);
        int limit = request.query(LIMIT).map(PresenceHttp::limit).orElse(USUAL_LIMIT);
        ToldPage page = client.events(told(request), after, limit + 1, Deadline.after(patience));
        boolean more = page.events().size() > limit;
        ObjectNode json = Json.object();
        after.filter(id -> id < page.gone()).ifPresent(_ -> json.put("gap", page.gone()));
        ArrayNode items = json.putArray("items");
        page.events().stream().limit(limit).forEach(event -> put(event, items.addObject()));
        long asOf = more ? page.events().get(limit - 1).id() : page.last();
        json.put("as_of", asOf);
        return HttpResponse.json(OK, more ? json.put("next", Long.toString(asOf)) : json.putNull("next"));
    }

    private static void put(ToldPage.Event event, ObjectNode json) {
        json.put("id", event.id()).put("type", event.type()).put("user", event.user());
        if (!event.device().isEmpty()) {
            json.put("device", event.device());
        }
        json.put("generation", event.generation()).put("reason", event.reason()).put("ts_ms", event.atMs());
    }

    /**
     * In the order of a hash; who comes or goes meanwhile is in it or not, and some more than once. The events behind {@code as_of},
     * which was read first, make it whole.
     */
    public HttpResponse snapshot(HttpRequest request) {
        Deadline deadline = Deadline.after(patience);
        String product = told(request);
        Optional<SnapshotPlace> given = After.of(request).map(text -> SnapshotPlace.read(After.FIELD, text));
        SnapshotPlace place = given.orElseGet(() -> new SnapshotPlace(
                client.events(product, Optional.empty(), 0, deadline).last(), 0, ""));
        ObjectNode json = Json.object();
        ArrayNode items = json.putArray("items");
        Optional<SnapshotPlace> next = Optional.of(place);
        // Of a big product one shard is enough for a page, of a small one all are empty.
        for (int atOnce = 1;
                next.isPresent() && items.size() < USUAL_LIMIT;
                atOnce = Math.min(2 * atOnce, MOST_AT_ONCE)) {
            next = add(product, next.get(), atOnce, items, deadline);
        }
        json.put("as_of", place.asOf());
        return HttpResponse.json(
                OK, next.map(more -> json.put("next", more.text())).orElseGet(() -> json.putNull("next")));
    }

    /** Up to so many shards, asked side by side. */
    private Optional<SnapshotPlace> add(
            String product, SnapshotPlace from, int atOnce, ArrayNode items, Deadline deadline) {
        int end = Math.min(Shards.COUNT, from.shard() + atOnce);
        List<CompletableFuture<ToldPage.Part>> asked = IntStream.range(from.shard(), end)
                .mapToObj(
                        shard -> client.snapshot(product, shard, shard == from.shard() ? from.cursor() : "", deadline))
                .toList();
        for (int shard = from.shard(); shard < end; shard++) {
            if (items.size() >= USUAL_LIMIT) {
                return Optional.of(new SnapshotPlace(from.asOf(), shard, ""));
            }
            ToldPage.Part part = Unanswered.join(PresenceClient.COORDINATOR, asked.get(shard - from.shard()));
            part.online().forEach(online -> put(online, items.addObject()));
            if (!part.next().isEmpty()) {
                return Optional.of(new SnapshotPlace(from.asOf(), shard, part.next()));
            }
        }
        return end == Shards.COUNT ? Optional.empty() : Optional.of(new SnapshotPlace(from.asOf(), end, ""));
    }

    private static void put(ToldPage.Online online, ObjectNode json) {
        json.put("user", online.user());
        if (!online.device().isEmpty()) {
            json.put("device", online.device());
        }
        json.put("generation", online.generation()).put("since_ms", online.sinceMs());
    }

    private static String told(HttpRequest request) {
        Product product = request.attached(Product.class);
        if (!product.tellsPresence()) {
            throw new LonglineException(
                    ErrorCode.PERMISSION_DENIED,
                    "product " + product.id()
                            + " has no presence events: neither its presence.events is true, nor has it a"
                            + " callback for presence");
        }
        return product.id();
    }

    private static long id(String text) {
        if (!ID.matcher(text).matches()) {
            throw LonglineException.invalid(
                    After.FIELD, "is " + text + ", expected the id of an event, or as_of of an answer");
        }
        return Long.parseLong(text);
    }

    private static int limit(String text) {
        int limit = NUMBER.matcher(text).matches() ? Integer.parseInt(text) : 0;
        if (limit < 1 || limit >= MOST) {
            throw LonglineException.invalid(LIMIT, "is " + text + ", expected 1 to " + (MOST - 1));
        }
        return limit;
    }
}
