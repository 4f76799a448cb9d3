package io.longline.center.message;

import io.longline.center.job.Job;
import io.longline.center.job.JobClient;
import io.longline.keeper.http.HttpRequest;
import io.longline.keeper.http.HttpResponse;
import io.longline.keeper.id.Ids;
import io.longline.keeper.product.Product;
import io.longline.keeper.rpc.Deadline;
import java.time.Duration;

/** {@code GET /v1/messages/{id}} and {@code GET /v1/messages/{id}/timeline}. A message of another product is not found. */
public final class MessageHttp {
    private static final int OK = 200;

    private final MessageClient messages;
    private final JobClient jobs;
    private final MessageOfTopic ofTopic;
    private final Duration patience;

    public MessageHttp(MessageClient messages, JobClient jobs, MessageOfTopic ofTopic, Duration patience) {
        this.messages = messages;
        this.jobs = jobs;
        this.ofTopic = ofTopic;
        this.patience = patience;
    }

    public HttpResponse get(HttpRequest request) {
        String id = Ids.require("id", request.pathParam("id"));
        Product product = request.attached(Product.class);
        Deadline deadline = Deadline.after(patience);
        return HttpResponse.json(
                OK,
                switch (MessageOfJob.find(messages, jobs, product, id, deadline)) {
                    case MessageOfJob.Found.OfTopic(TopicPlace place) ->
                        ofTopic.get(product.id(), id, place, deadline);
                    case MessageOfJob.Found.OfJob(Job job) -> MessageOfJob.json(product, job);
                    case MessageOfJob.Found.Recorded(MessageAnswer message) -> message.toJson();
                });
    }

    public HttpResponse timeline(HttpRequest request) {
        String id = Ids.require("id", request.pathParam("id"));
        Product product = request.attached(Product.class);
        Timeline timeline = messages.timeline(product.id(), id, Deadline.after(patience));
        return HttpResponse.json(OK, timeline.toJson());
    }
}
