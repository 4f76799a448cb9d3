package io.longline.center.message;

import io.longline.center.result.EndpointResult;
import io.longline.center.schedule.ScheduleClient;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.http.HttpRequest;
import io.longline.keeper.http.HttpResponse;
import io.longline.keeper.id.Ids;
import io.longline.keeper.product.Product;
import io.longline.keeper.rpc.Deadline;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** {@code GET} and {@code DELETE /v1/messages/{id}}, {@code GET /v1/messages/{id}/timeline}. A message of another product is not found. */
public final class MessageHttp {
    private static final int OK = 200;

    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
    private static final Duration LOOK = Duration.ofMillis(50);

    private final MessageClient messages;
    private final ScheduleClient schedule;
    private final Duration patience;

    public MessageHttp(MessageClient messages, ScheduleClient schedule, Duration patience) {
        this.messages = messages;
        this.schedule = schedule;
        this.patience = patience;
    }

    public HttpResponse get(HttpRequest request) {
        String id = Ids.require("id", request.pathParam("id"));
        Product product = request.attached(Product.class);
        MessageAnswer answer = messages.look(product.id(), id, Deadline.after(patience));
        return HttpResponse.json(OK, answer.toJson());
    }

    public HttpResponse timeline(HttpRequest request) {
        String id = Ids.require("id", request.pathParam("id"));
        Product product = request.attached(Product.class);
        Timeline timeline = messages.timeline(product.id(), id, Deadline.after(patience));
        return HttpResponse.json(OK, timeline.toJson());
    }

    /** Recalls it: no endpoint that has not been sent it will be. Doing it again answers the same. */
    public HttpResponse recall(HttpRequest request) {
        String id = Ids.require("id", request.pathParam("id"));
        Product product = request.attached(Product.class);
        Deadline deadline = Deadline.after(patience);
        MessageAnswer message = messages.look(product.id(), id, deadline);
        if (message.results().stream().anyMatch(EndpointResult::isWithoutCopy)) {
            recallKept(product.id(), id, deadline);
            message = messages.look(product.id(), id, deadline);
        }
        messages.recall(product.id(), message, deadline);
        return HttpResponse.json(OK, messages.look(product.id(), id, deadline).toJson());
    }

    /** Also where it says recalled already: the journal may not have that yet. While it is being sent nobody can say whom it will reach. */
    private void recallKept(String product, String id, Deadline deadline) {
        Deadline worthAsking = deadline.atMost(patience.multipliedBy(4).dividedBy(5)); // the rest is for the answer
        while (schedule.recall(product, id, deadline) == ScheduleClient.Recall.BEGUN) {
            if (worthAsking.passed()) {
                throw new LonglineException(ErrorCode.OVERLOADED, "message " + id + " is being sent, ask again")
                        .retryAfter(RETRY_AFTER);
            }
            LockSupport.parkNanos(LOOK.toNanos());
        }
    }
}
