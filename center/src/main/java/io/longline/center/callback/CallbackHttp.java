package io.longline.center.callback;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.center.http.Fields;
import io.longline.center.http.JsonBody;
import io.longline.keeper.error.FieldProblem;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.http.HttpRequest;
import io.longline.keeper.http.HttpResponse;
import io.longline.keeper.http.Json;
import io.longline.keeper.product.Callback;
import io.longline.keeper.product.Callbacks;
import io.longline.keeper.product.Product;
import io.longline.keeper.product.WeightedUrl;
import io.longline.keeper.product.ZkProducts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code GET} and {@code PUT /v1/callbacks}. Secrets are never shown; one that is left out, or masked, stays. */
public final class CallbackHttp {
    private static final int OK = 200;
    private static final int MOST = 100;
    private static final String MASK = "****";

    /** How they are named inside, and here. */
    private static final String INSIDE = "callbacks.targets[";

    private static final String OUTSIDE = "callbacks[";

    private final ZkProducts products;

    public CallbackHttp(ZkProducts products) {
        this.products = products;
    }

    public HttpResponse get(HttpRequest request) {
        return HttpResponse.json(OK, toJson(request.attached(Product.class)));
    }

    /** Replaces all of them. */
    public HttpResponse put(HttpRequest request) {
        Fields fields = JsonBody.read(request.body()).fields();
        List<Fields> entries = fields.objects("callbacks", 0, MOST);
        fields.finish();
        try {
            return HttpResponse.json(
                    OK,
                    toJson(products.change(
                            request.attached(Product.class).id(), before -> changed(before, read(entries, before)))));
        } catch (LonglineException e) {
            throw named(e);
        }
    }

    private static Product changed(Product before, List<Callback> targets) {
        return before.with(
                "callbacks", new Callbacks(targets, before.callbacks().networks()));
    }

    private static List<Callback> read(List<Fields> entries, Product before) {
        List<Callback> read = new ArrayList<>();
        for (Fields entry : entries) {
            entry.require("kind");
            String kind = entry.text("kind").orElse("");
            List<WeightedUrl> urls = CallbackUrls.read(entry, before.callbacks().networks());
            Optional<String> given = entry.text("secret").filter(secret -> !secret.equals(MASK));
            Optional<String> present = before.callbacks().targets().stream()
                    .filter(callback -> callback.kind().equals(kind))
                    .map(Callback::secret)
                    .findFirst();
            if (given.isEmpty() && present.isEmpty()) {
                entry.problem("secret", "is required, there is none yet of " + kind);
            }
            read.add(new Callback(
                    kind,
                    urls.isEmpty() ? "" : urls.getFirst().url(),
                    given.or(() -> present).orElse(""),
                    number(entry, "max_in_flight", Callback.USUAL_IN_FLIGHT),
                    number(entry, "timeout_ms", Callback.USUAL_TIMEOUT_MS),
                    entry.has("urls") ? urls : List.of(),
                    entry.choice("per", Callback.Per.DEVICE)));
            entry.finish();
        }
        return read;
    }

    /** Of any size: how large it may be says who keeps it. */
    private static int number(Fields entry, String name, int usual) {
        return entry.integer(name, usual, Integer.MIN_VALUE, Integer.MAX_VALUE);
    }

    private static LonglineException named(LonglineException inside) {
        if (inside.details().stream().noneMatch(problem -> problem.field().startsWith(INSIDE))) {
            return inside;
        }
        LonglineException outside =
                new LonglineException(inside.code(), inside.getMessage().replace(INSIDE, OUTSIDE));
        for (FieldProblem problem : inside.details()) {
            outside = outside.detail(problem.field().replace(INSIDE, OUTSIDE), problem.problem());
        }
        return outside;
    }

    private static ObjectNode toJson(Product product) {
        ObjectNode json = Json.object();
        ArrayNode callbacks = json.putArray("callbacks");
        for (Callback callback : product.callbacks().targets()) {
            ObjectNode shown = callbacks.addObject();
            shown.put("kind", callback.kind());
            CallbackUrls.show(callback, shown);
            shown.put("secret", MASK)
                    .put("max_in_flight", callback.maxInFlight())
                    .put("timeout_ms", callback.timeoutMs());
            if (callback.kind().equals(Callback.PRESENCE)) {
                shown.put("per", callback.per().word());
            }
        }
        return json;
    }
}
