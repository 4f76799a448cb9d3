package io.longline.center.message;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.center.job.Job;
import io.longline.center.job.JobAnswer;
import io.longline.center.job.JobClient;
import io.longline.center.job.JobRate;
import io.longline.center.result.Status;
import io.longline.center.schedule.ScheduleClient;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.http.HttpRequest;
import io.longline.keeper.http.HttpResponse;
import io.longline.keeper.http.Json;
import io.longline.keeper.id.Ids;
import io.longline.keeper.product.Product;
import io.longline.keeper.rpc.Deadline;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** {@code GET} and {@code DELETE /v1/messages/{id}}, {@code GET /v1/messages/{id}/timeline}. A message of another product is not found. */
public final class MessageHttp {
    private static final int OK = 200;

    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
    private static final Duration LOOK = Duration.ofMillis(50);

    private final MessageClient messages;
    private final ScheduleClient schedule;
    private final JobClient jobs;
    private final Duration patience;

    public MessageHttp(MessageClient messages, ScheduleClient schedule, JobClient jobs, Duration patience) {
        this.messages = messages;
        this.schedule = schedule;
        this.jobs = jobs;
        this.patience = patience;
    }

    public HttpResponse get(HttpRequest request) {
        String id = Ids.require("id", request.pathParam("id"));
        Product product = request.attached(Product.class);
        Deadline deadline = Deadline.after(patience);
        MessageAnswer answer = messages.look(product.id(), id, deadline);
        Optional<Job> job = job(product, answer, deadline);
        return HttpResponse.json(OK, job.isPresent() ? json(product, job.get()) : answer.toJson());
    }

    /** A record without copies is that of a job's message: the job knows to whom it goes. */
    private Optional<Job> job(Product product, MessageAnswer message, Deadline deadline) {
        return message.results().isEmpty()
                ? jobs.ofMessage(product.id(), message.messageId(), deadline)
                : Optional.empty();
    }

    private static ObjectNode json(Product product, Job job) {
        ObjectNode json = Json.object()
                .put("message_id", job.messageId())
                .put("status", status(job).text());
        json.putArray("results");
        return json.set("job", JobAnswer.of(job, JobRate.perS(job.ratePerS(), product.limits())));
    }

    /** Of a job that has ended it is known how many copies were acknowledged, and not how far each other one has come. */
    private static Status status(Job job) {
        if (isAcked(job)) {
            return Status.ACKED;
        }
        if (job.recalled()) {
            return Status.RECALLED;
        }
        if (job.progress().sent() > 0 && job.state().isFinal()) {
            return Status.STORED;
        }
        return job.isOver() ? Status.NO_TARGET : Status.ACCEPTED;
    }

    private static boolean isAcked(Job job) {
        long copies = job.progress().copies();
        return job.state().isFinal() && copies > 0 && job.acked().orElse(0) >= copies;
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
        recallRecord(product.id(), id, deadline);
        MessageAnswer message = messages.look(product.id(), id, deadline);
        Optional<Job> job = job(product, message, deadline);
        if (job.isPresent()) {
            return HttpResponse.json(OK, json(product, jobs.recall(job.get(), deadline)));
        }
        messages.recall(product.id(), message, deadline);
        return HttpResponse.json(OK, messages.look(product.id(), id, deadline).toJson());
    }

    /**
     * First, so that whoever sends it from now on, or has stored a copy that the record does not tell of yet, learns of it. Also where it says recalled
     * already: the journal may not have that yet. While one that was to be sent later is being sent nobody can say whom it will reach.
     */
    private void recallRecord(String product, String id, Deadline deadline) {
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
