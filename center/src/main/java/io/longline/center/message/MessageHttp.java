package io.longline.center.message;

import io.longline.keeper.http.HttpRequest;
import io.longline.keeper.http.HttpResponse;
import io.longline.keeper.id.Ids;
import io.longline.keeper.product.Product;
import io.longline.keeper.rpc.Deadline;
import java.time.Duration;

/** {@code GET} and {@code DELETE /v1/messages/{id}}. A message of another product is not found. */
public final class MessageHttp {
    private static final int OK = 200;

    private final MessageClient messages;
    private final Duration patience;

    public MessageHttp(MessageClient messages, Duration patience) {
        this.messages = messages;
        this.patience = patience;
    }

    public HttpResponse get(HttpRequest request) {
        String id = Ids.require("id", request.pathParam("id"));
        Product product = request.attached(Product.class);
        MessageAnswer answer = messages.look(product.id(), id, Deadline.after(patience));
        return HttpResponse.json(OK, answer.toJson());
    }

    /** Recalls it: no endpoint that has not been sent it will be. Doing it again answers the same. */
    public HttpResponse recall(HttpRequest request) {
        String id = Ids.require("id", request.pathParam("id"));
        Product product = request.attached(Product.class);
        Deadline deadline = Deadline.after(patience);
        messages.recall(product.id(), messages.look(product.id(), id, deadline), deadline);
        return HttpResponse.json(OK, messages.look(product.id(), id, deadline).toJson());
    }
}
