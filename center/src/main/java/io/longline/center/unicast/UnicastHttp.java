package io.longline.center.unicast;

import io.longline.center.CenterMetrics;
import io.longline.center.message.AckWait;
import io.longline.center.message.MessageAnswer;
import io.longline.center.push.Push;
import io.longline.center.push.PushBody;
import io.longline.keeper.http.HttpRequest;
import io.longline.keeper.http.HttpResponse;
import io.longline.keeper.product.Product;
import io.longline.keeper.rpc.Deadline;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code POST /v1/messages:send}. */
public final class UnicastHttp {
    private static final Logger log = LoggerFactory.getLogger(UnicastHttp.class);
    private static final int OK = 200;

    private final Idempotency idempotency;
    private final AckWait ackWait;
    private final Duration patience;
    private final CenterMetrics metrics;

    /** @param patience how long one push may take, but for the {@code wait_ms} that it asks for */
    public UnicastHttp(Idempotency idempotency, AckWait ackWait, Duration patience, CenterMetrics metrics) {
        this.idempotency = idempotency;
        this.ackWait = ackWait;
        this.patience = patience;
        this.metrics = metrics;
    }

    public HttpResponse send(HttpRequest request) {
        Push push = PushBody.read(request.attached(Product.class), request.body());
        if (push.validateOnly()) {
            return HttpResponse.json(OK, new MessageAnswer(push.messageId(), List.of()).toJson());
        }
        long begin = System.nanoTime();
        Deadline deadline = Deadline.after(patience);
        Idempotency.Answered answered = idempotency.send(push, deadline);
        metrics.pushed(answered.answer().status(), System.nanoTime() - begin);
        log.debug(
                "pushed message_id={} product={} status={} request_id={}",
                push.messageId(),
                push.product(),
                answered.answer().status(),
                request.requestId());
        MessageAnswer answer = ackWait.await(push, answered.answer());
        HttpResponse response = HttpResponse.json(answer.httpStatus(), answer.toJson());
        return answered.replayed() ? response.header("Idempotent-Replay", "true") : response;
    }
}
