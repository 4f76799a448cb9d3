package io.longline.center.job;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.keeper.http.Json;
import io.longline.keeper.product.Product;
import java.util.TreeMap;

/** What a back end is told of a job. */
public final class JobAnswer {

    private JobAnswer() {}

    /** As it stands in JSON; how long it may take by the pace that it has, were it alone. */
    public static ObjectNode of(Job job, Product product) {
        JobKick kick = job.kick();
        if (kick != null) {
            return ofKick(job, kick);
        }
        Job.Broadcast broadcast = job.broadcast();
        return broadcast == null
                ? ofList(job, JobRate.perS(job.ratePerS(), product.limits(), 1))
                : BroadcastAnswer.of(
                        job,
                        broadcast,
                        new BroadcastRate(job.ratePerS(), broadcast.bytesPerS(), broadcast.bytesEach())
                                .perS(product.broadcasts(), 1));
    }

    /** Nobody acknowledges a kick. */
    private static ObjectNode ofKick(Job job, JobKick kick) {
        Progress progress = job.progress();
        ObjectNode json = begun(job);
        json.remove("message_id");
        ObjectNode told = json.putObject("kick");
        if (!kick.reason().isEmpty()) {
            told.put("reason", kick.reason());
        }
        told.put("block_s", kick.blockS());
        json.put("targeted", job.targeted())
                .put("sent", progress.sent())
                .put("ended", progress.copies())
                .put("acked", 0);
        skipped(json, progress);
        end(json, job, job.targeted() - progress.done(), job.ratePerS());
        json.putObject("per_room");
        return json;
    }

    private static void skipped(ObjectNode json, Progress progress) {
        json.put("skipped", progress.skippedInAll());
        ObjectNode reasons = json.putObject("skipped_reasons");
        new TreeMap<>(progress.skipped()).forEach(reasons::put);
    }

    private static ObjectNode ofList(Job job, int pacePerS) {
        Progress progress = job.progress();
        ObjectNode json = begun(job)
                .put("targeted", job.targeted())
                .put("sent", progress.sent())
                .put("copies", progress.copies());
        job.acked().ifPresentOrElse(acked -> json.put("acked", acked), () -> json.putNull("acked"));
        skipped(json, progress);
        end(json, job, job.targeted() - progress.done(), pacePerS);
        json.putObject("per_room");
        return json;
    }

    /** What all jobs begin with. */
    static ObjectNode begun(Job job) {
        ObjectNode json = Json.object()
                .put("job_id", job.id())
                .put("message_id", job.messageId())
                .put("state", job.state().text());
        if (!job.reason().isEmpty()) {
            json.put("reason", job.reason());
        }
        return json.put("created_at_ms", job.createdAtMs())
                .put("ends_at_ms", job.endsAtMs())
                .put("rate_per_s", job.ratePerS());
    }

    /** @param pacePerS with how many a second it goes on, as far as that is limited; 0: it is not, or that says nothing */
    static void end(ObjectNode json, Job job, long left, int pacePerS) {
        if (job.recalled()) {
            json.put("recalled", true);
        }
        if (job.state().isFinal()) {
            json.put("eta_s", 0);
        } else if (pacePerS > 0) {
            json.put("eta_s", Math.ceilDiv(left, pacePerS));
        } else {
            json.putNull("eta_s");
        }
    }
}
