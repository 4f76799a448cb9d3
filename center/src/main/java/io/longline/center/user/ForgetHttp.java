package io.longline.center.user;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.keeper.http.HttpRequest;
import io.longline.keeper.http.HttpResponse;
import io.longline.keeper.http.Json;
import io.longline.keeper.id.Ids;
import io.longline.keeper.product.Product;
import io.longline.keeper.rpc.Deadline;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * {@code DELETE /v1/users/{user}} and {@code DELETE /v1/users/{user}/devices/{device}}: sessions, inbox and device are forgotten. Who is
 * not known is forgotten already.
 */
public final class ForgetHttp {
    private static final int OK = 200;

    private final ForgetClient register;
    private final Duration patience;

    public ForgetHttp(ForgetClient register, Duration patience) {
        this.register = register;
        this.patience = patience;
    }

    public HttpResponse user(HttpRequest request) {
        return forget(request, null);
    }

    public HttpResponse device(HttpRequest request) {
        return forget(request, Ids.require("device", request.pathParam("device")));
    }

    private HttpResponse forget(HttpRequest request, @Nullable String device) {
        String user = Ids.require("user", request.pathParam("user"));
        String product = request.attached(Product.class).id();
        ForgetClient.Forgotten forgotten = register.forget(product, user, device, Deadline.after(patience));
        ObjectNode json = Json.object();
        forgotten.devices().forEach(json.putArray("devices")::add);
        json.put("ended", forgotten.sessions()).put("dropped", forgotten.dropped());
        return HttpResponse.json(OK, json);
    }
}
