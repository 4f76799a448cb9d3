package io.longline.center.job;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.keeper.http.Json;
import java.util.TreeMap;

/** What a back end is told of a job. */
public final class JobAnswer {

    private JobAnswer() {}

    /**
     * As it stands in JSON.
     *
     * @param pacePerS how many targets a second it goes on with, as far as that is limited; 0: it is not
     */
    public static ObjectNode of(Job job, int pacePerS) {
        Progress progress = job.progress();
        ObjectNode json = Json.object()
                .put("job_id", job.id())
                .put("message_id", job.messageId())
                .put("state", job.state().text());
        if (!job.reason().isEmpty()) {
            json.put("reason", job.reason());
        }
        json.put("created_at_ms", job.createdAtMs())
                .put("ends_at_ms", job.endsAtMs())
                .put("rate_per_s", job.ratePerS())
                .put("targeted", job.targeted())
                .put("sent", progress.sent())
                .put("copies", progress.copies());
        job.acked().ifPresentOrElse(acked -> json.put("acked", acked), () -> json.putNull("acked"));
        json.put("skipped", progress.skippedInAll());
        ObjectNode reasons = json.putObject("skipped_reasons");
        new TreeMap<>(progress.skipped()).forEach(reasons::put);
        if (job.recalled()) {
            json.put("recalled", true);
        }
        if (job.state().isFinal()) {
            json.put("eta_s", 0);
        } else if (pacePerS > 0) {
            json.put("eta_s", Math.ceilDiv(job.targeted() - progress.done(), pacePerS));
        } else {
            json.putNull("eta_s");
        }
        json.putObject("per_room");
        return json;
    }
}
