package io.longline.center.message;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.center.job.BroadcastProgress;
import io.longline.center.job.Job;
import io.longline.center.job.JobAnswer;
import io.longline.center.job.JobClient;
import io.longline.center.job.JobState;
import io.longline.center.job.RoomProgress;
import io.longline.center.result.EndpointResult;
import io.longline.center.result.Status;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.http.Json;
import io.longline.keeper.product.Product;
import io.longline.keeper.rpc.Deadline;
import java.util.List;
import java.util.Optional;

/** The answer of a message that a job sends: there are no copies in its record, as the job knows to whom it goes. */
public final class MessageOfJob {

    private MessageOfJob() {}

    /** What is known of a message id. */
    public sealed interface Found {

        /** It has a record, and is of no job. */
        record Recorded(MessageAnswer message) implements Found {}

        /** It is in the log of a topic, or was. */
        record OfTopic(TopicPlace place) implements Found {}

        /** A job sends it. */
        record OfJob(Job job) implements Found {}
    }

    /** Records are in Redis alone, jobs are not: one whose record is lost is found by its job. MESSAGE_NOT_FOUND where there is neither. */
    public static Found find(
            MessageClient messages, JobClient jobs, Product product, String messageId, Deadline deadline) {
        MessageAnswer message;
        try {
            message = messages.look(product.id(), messageId, deadline);
        } catch (LonglineException e) {
            if (e.code() != ErrorCode.MESSAGE_NOT_FOUND) {
                throw e;
            }
            return new Found.OfJob(
                    jobs.ofMessage(product.id(), messageId, deadline).orElseThrow(() -> e));
        }
        if (message.topic() != null) {
            return new Found.OfTopic(message.topic());
        }
        Optional<Job> job = message.results().isEmpty() && message.claimed().isEmpty()
                ? jobs.ofMessage(product.id(), messageId, deadline)
                : Optional.empty();
        return job.isPresent() ? new Found.OfJob(job.get()) : new Found.Recorded(message);
    }

    public static ObjectNode json(Product product, Job job) {
        ObjectNode json = Json.object()
                .put("message_id", job.messageId())
                .put("status", status(job).text());
        json.putArray("results");
        return json.set("job", JobAnswer.of(job, product));
    }

    /** The same of a broadcast, and how it stands at some endpoints. */
    static ObjectNode json(Product product, Job job, List<EndpointResult> sample) {
        ObjectNode json = json(product, job);
        MessageAnswer.write(sample, json.putArray("results"));
        return json.put("sampled", true);
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
