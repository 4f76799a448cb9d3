package io.longline.center.message;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.center.job.Job;
import io.longline.center.job.JobAnswer;
import io.longline.center.job.JobClient;
import io.longline.center.job.JobRate;
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
}
