package io.longline.center.recall;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.center.job.Job;
import io.longline.center.job.JobClient;
import io.longline.center.message.MessageAnswer;
import io.longline.center.message.MessageClient;
import io.longline.center.message.MessageOfJob;
import io.longline.center.message.MessageOfTopic;
import io.longline.center.message.TopicPlace;
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

/** {@code DELETE /v1/messages/{id}}. A message of another product is not found. */
public final class RecallHttp {
    private static final int OK = 200;

    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
    private static final Duration LOOK = Duration.ofMillis(50);

    private final MessageClient messages;
    private final UnrecordedRecall unrecorded;
    private final ScheduleClient schedule;
    private final JobClient jobs;
    private final MessageOfTopic ofTopic;
    private final Duration patience;

    public RecallHttp(
            MessageClient messages,
            Whereabouts whereabouts,
            ScheduleClient schedule,
            JobClient jobs,
            MessageOfTopic ofTopic,
            Duration patience) {
        this.messages = messages;
        this.unrecorded = new UnrecordedRecall(messages, whereabouts);
        this.schedule = schedule;
        this.jobs = jobs;
        this.ofTopic = ofTopic;
        this.patience = patience;
    }

    /** Recalls it: no endpoint that has not been sent it will be. Doing it again answers the same. */
    public HttpResponse recall(HttpRequest request) {
        String id = Ids.require("id", request.pathParam("id"));
        Product product = request.attached(Product.class);
        Deadline deadline = Deadline.after(patience);
        note(product.id(), id, deadline);
        return HttpResponse.json(
                OK,
                switch (MessageOfJob.find(messages, jobs, product, id, deadline)) {
                    case MessageOfJob.Found.OfTopic(TopicPlace place) ->
                        ofTopic.recall(product.id(), id, place, deadline);
                    case MessageOfJob.Found.OfJob(Job job) -> MessageOfJob.json(product, jobs.recall(job, deadline));
                    case MessageOfJob.Found.Recorded(MessageAnswer message) -> recalled(product, message, deadline);
                });
    }

    private ObjectNode recalled(Product product, MessageAnswer message, Deadline deadline) {
        messages.recall(product.id(), message, deadline);
        unrecorded.run(product.id(), message, deadline);
        return messages.look(product.id(), message.messageId(), deadline).toJson();
    }

    /**
     * First, so that whoever sends it from now on, or has stored a copy that the record does not tell of yet, learns of it. Also where it says recalled
     * already: the journal may not have that yet. While one that was to be sent later is being sent nobody can say whom it will reach.
     */
    private void note(String product, String id, Deadline deadline) {
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
