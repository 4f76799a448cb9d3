package io.longline.center.message;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.center.job.BroadcastProgress;
import io.longline.center.job.Job;
import io.longline.center.job.JobAnswer;
import io.longline.center.job.JobClient;
import io.longline.center.job.JobState;
import io.longline.center.job.RoomProgress;
import io.longline.center.result.Status;
import io.longline.keeper.http.Json;
import io.longline.keeper.product.Product;
import io.longline.keeper.rpc.Deadline;
import java.util.Optional;

/** The answer of a message that a job sends: there are no copies in its record, as the job knows to whom it goes. */
public final class MessageOfJob {

    private MessageOfJob() {}

    /** Empty: it is of none. */
    public static Optional<Job> find(JobClient jobs, Product product, MessageAnswer message, Deadline deadline) {
        return message.results().isEmpty() && message.claimed().isEmpty()
                ? jobs.ofMessage(product.id(), message.messageId(), deadline)
                : Optional.empty();
    }

    public static ObjectNode json(Product product, Job job) {
        ObjectNode json = Json.object()
                .put("message_id", job.messageId())
                .put("status", status(job).text());
        json.putArray("results");
        return json.set("job", JobAnswer.of(job, product));
    }

    /** Of a job that has ended it is known how many copies were acknowledged, and not how far each other one has come. */
    private static Status status(Job job) {
        return job.broadcast() == null
                ? ofList(job)
                : ofBroadcast(job, job.broadcast().progress());
    }

    /** One that is done is in the log for who comes later; of one that ended before nothing remains but what was written. */
    private static Status ofBroadcast(Job job, BroadcastProgress progress) {
        long targeted = progress.sum(RoomProgress::targeted);
        if (job.state().isFinal() && targeted > 0 && progress.sum(RoomProgress::acked) >= targeted) {
            return Status.ACKED;
        }
        if (job.recalled()) {
            return Status.RECALLED;
        }
        if (job.state() == JobState.DONE) {
            return Status.STORED;
        }
        if (job.state().isFinal() && progress.sum(RoomProgress::sent) > 0) {
            return Status.WRITTEN;
        }
        return job.isOver() ? Status.NO_TARGET : Status.ACCEPTED;
    }

    private static Status ofList(Job job) {
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
}
