package io.longline.center.user;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.center.endpoint.Endpoint;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.http.HttpRequest;
import io.longline.keeper.http.HttpResponse;
import io.longline.keeper.http.Json;
import io.longline.keeper.id.Ids;
import io.longline.keeper.product.Product;
import io.longline.keeper.rpc.Deadline;
import java.time.Duration;
import java.util.regex.Pattern;

/**
 * {@code GET} and {@code DELETE /v1/users/{user}/devices/{device}/pending}: what waits in one inbox, without its payload. An inbox that
 * nothing was ever stored in is an empty one.
 */
public final class PendingHttp {
    private static final int OK = 200;
    private static final int PAGE = 100;
    private static final String AFTER = "after";
    private static final Pattern SEQ = Pattern.compile("[0-9]{1,16}");

    private final InboxClient inboxes;
    private final Duration patience;

    public PendingHttp(InboxClient inboxes, Duration patience) {
        this.inboxes = inboxes;
        this.patience = patience;
    }

    public HttpResponse list(HttpRequest request) {
        Endpoint endpoint = endpoint(request);
        PendingPage page = inboxes.page(endpoint, after(request), PAGE, Deadline.after(patience));
        ObjectNode json = Json.object();
        ArrayNode items = json.putArray("items");
        page.items().forEach(waiting -> item(items.addObject(), waiting));
        page.next().ifPresentOrElse(seq -> json.put("next", Long.toString(seq)), () -> json.putNull("next"));
        return HttpResponse.json(OK, json);
    }

    private static void item(ObjectNode item, PendingPage.Waiting waiting) {
        item.put("seq", waiting.seq())
                .put("message_id", waiting.messageId())
                .put("sent_at_ms", waiting.sentAtMs())
                .put("expires_at_ms", waiting.expiresAtMs())
                .put("priority", waiting.priority().text());
        if (!waiting.collapseKey().isEmpty()) {
            item.put("collapse_key", waiting.collapseKey());
        }
    }

    /** Drops all that waits; the device stays known, and its sessions go on. */
    public HttpResponse empty(HttpRequest request) {
        long dropped = inboxes.empty(endpoint(request), Deadline.after(patience));
        return HttpResponse.json(OK, Json.object().put("dropped", dropped));
    }

    private static Endpoint endpoint(HttpRequest request) {
        String user = Ids.require("user", request.pathParam("user"));
        String device = Ids.require("device", request.pathParam("device"));
        return new Endpoint(request.attached(Product.class).id(), user, device);
    }

    private static long after(HttpRequest request) {
        for (String name : request.query().keySet()) {
            if (!name.equals(AFTER)) {
                throw LonglineException.invalid(name, "is not known, expected no other than " + AFTER);
            }
        }
        String text = request.query(AFTER).orElse("0");
        if (!SEQ.matcher(text).matches()) {
            throw LonglineException.invalid(AFTER, "is " + text + ", expected what was next in the answer before");
        }
        return Long.parseLong(text);
    }
}
