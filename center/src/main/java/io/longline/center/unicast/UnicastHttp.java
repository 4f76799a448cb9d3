package io.longline.center.unicast;

import io.longline.center.push.Push;
import io.longline.center.push.PushBody;
import io.longline.keeper.http.HttpRequest;
import io.longline.keeper.http.HttpResponse;
import io.longline.keeper.id.Ids;
import io.longline.keeper.product.Product;

/** {@code POST /v1/messages:send} and {@code POST /v1/simple/{user}}. */
public final class UnicastHttp {
    private final Sender sender;

    public UnicastHttp(Sender sender) {
        this.sender = sender;
    }

    public HttpResponse send(HttpRequest request) {
        return send(PushBody.read(request.attached(Product.class), request.body()), request);
    }

    /** A text for a user, with the usual options. */
    public HttpResponse simple(HttpRequest request) {
        String user = Ids.require("user", request.pathParam("user"));
        return send(PushBody.readText(request.attached(Product.class), user, request.body()), request);
    }

    private HttpResponse send(Push push, HttpRequest request) {
        Sender.Sent sent = sender.awaitAcks(sender.send(push, request.requestId()));
        return sent.response(sent.answer().toJson());
    }
}
