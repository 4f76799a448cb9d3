package io.longline.center.broadcast;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.center.audience.AudienceClient;
import io.longline.center.job.Job;
import io.longline.center.job.JobAnswer;
import io.longline.center.push.BroadcastHead;
import io.longline.center.push.PushBody;
import io.longline.keeper.http.HttpRequest;
import io.longline.keeper.http.HttpResponse;
import io.longline.keeper.http.Json;
import io.longline.keeper.product.Product;

/** {@code POST /v1/broadcasts}: one message to all users. What becomes of it, its job tells. */
public final class BroadcastHttp {
    private static final int OK = 200;
    private static final int ACCEPTED = 202;

    private final BroadcastFlow flow;
    private final AudienceClient audience;

    public BroadcastHttp(BroadcastFlow flow, AudienceClient audience) {
        this.flow = flow;
        this.audience = audience;
    }

    public HttpResponse submit(HttpRequest request) {
        Product product = request.attached(Product.class);
        BroadcastHead head = PushBody.readBroadcast(product, request.body());
        if (head.push().validateOnly()) {
            ObjectNode json =
                    Json.object().put("message_id", head.push().messageId()).put("status", "accepted");
            return HttpResponse.json(OK, audience.everybody(request).write(json));
        }
        BroadcastFlow.Queued queued = flow.submit(head, request.requestId());
        Job job = queued.job();
        HttpResponse response =
                HttpResponse.json(ACCEPTED, JobAnswer.of(job, product)).header("Location", "/v1/jobs/" + job.id());
        return queued.replayed() ? response.header("Idempotent-Replay", "true") : response;
    }
}
