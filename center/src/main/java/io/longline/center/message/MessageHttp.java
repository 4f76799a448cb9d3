package io.longline.center.message;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.center.job.Job;
import io.longline.center.job.JobClient;
import io.longline.center.result.EndpointResult;
import io.longline.center.sample.SampleClient;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.http.HttpRequest;
import io.longline.keeper.http.HttpResponse;
import io.longline.keeper.id.Ids;
import io.longline.keeper.product.Product;
import io.longline.keeper.rpc.Deadline;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code GET /v1/messages/{id}} and {@code GET /v1/messages/{id}/timeline}. A message of another product is not found. */
public final class MessageHttp {
    private static final Logger log = LoggerFactory.getLogger(MessageHttp.class);
    private static final int OK = 200;

    private final MessageClient messages;
    private final JobClient jobs;
    private final MessageOfTopic ofTopic;
    private final SampleClient samples;
    private final Duration patience;

    public MessageHttp(
            MessageClient messages, JobClient jobs, MessageOfTopic ofTopic, SampleClient samples, Duration patience) {
        this.messages = messages;
        this.jobs = jobs;
        this.ofTopic = ofTopic;
        this.samples = samples;
        this.patience = patience;
    }

    public HttpResponse get(HttpRequest request) {
        String id = Ids.require("id", request.pathParam("id"));
        Product product = request.attached(Product.class);
        Deadline deadline = Deadline.after(patience);
        return HttpResponse.json(
                OK,
                switch (MessageOfJob.find(messages, jobs, product, id, deadline)) {
                    case MessageOfJob.Found.OfTopic(TopicPlace place) -> ofTopic.get(product.id(), id, place, deadline);
                    case MessageOfJob.Found.OfJob(Job job) -> json(product, job, deadline);
                    case MessageOfJob.Found.Recorded(MessageAnswer message) -> message.toJson();
                });
    }

    private ObjectNode json(Product product, Job job, Deadline deadline) {
        Job.Broadcast broadcast = job.broadcast();
        return broadcast == null
                ? MessageOfJob.json(product, job)
                : MessageOfJob.json(product, job, sample(job, broadcast, deadline));
    }

    /** None where nobody can say: that the job knows is worth more. */
    private List<EndpointResult> sample(Job job, Job.Broadcast broadcast, Deadline deadline) {
        try {
            return samples.of(job, broadcast, deadline.atMost(patience.dividedBy(2)));
        } catch (LonglineException e) {
            log.debug("no sample job={} error={}", job.id(), e.getMessage());
            return List.of();
        }
    }

    public HttpResponse timeline(HttpRequest request) {
        String id = Ids.require("id", request.pathParam("id"));
        Product product = request.attached(Product.class);
        Timeline timeline = messages.timeline(product.id(), id, Deadline.after(patience));
        return HttpResponse.json(OK, timeline.toJson());
    }
}
