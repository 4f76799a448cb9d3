package io.longline.center.job;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.keeper.http.Json;
import java.util.Map;
import java.util.TreeMap;

/** What a back end is told of a broadcast. */
final class BroadcastAnswer {

    private BroadcastAnswer() {}

    /** As it stands in JSON. How long it may take nobody knows before a room has said how many there are. Whom nobody sent it when it ended counts as skipped, also where it is only slow to take it. */
    static ObjectNode of(Job job, Job.Broadcast broadcast, int pacePerS) {
        BroadcastProgress progress = broadcast.progress();
        long targeted = progress.sum(RoomProgress::targeted);
        long sent = progress.sum(RoomProgress::sent);
        long left = progress.sum(RoomProgress::left);
        ObjectNode json = JobAnswer.begun(job)
                .put("bytes_per_s", broadcast.bytesPerS())
                .put("topic", broadcast.topic())
                .put("canary_permille", broadcast.canaryPermille())
                .put("offset", progress.offset())
                .put("targeted", targeted)
                .put("sent", sent)
                .put("acked", progress.sum(RoomProgress::acked))
                .put("skipped", job.state().isFinal() ? Math.max(0, targeted - sent) : 0);
        json.putObject("skipped_reasons");
        JobAnswer.end(json, job, left, progress.rooms().isEmpty() ? 0 : pacePerS);
        json.set("per_room", perRoom(progress));
        return json;
    }

    /** The starts of a room are told of together. */
    private static ObjectNode perRoom(BroadcastProgress progress) {
        Map<String, RoomProgress> rooms = new TreeMap<>();
        progress.rooms().forEach((room, so) -> rooms.merge(BroadcastProgress.instance(room), so, RoomProgress::plus));
        ObjectNode json = Json.object();
        rooms.forEach((room, so) -> json.putObject(room)
                .put("targeted", so.targeted())
                .put("sent", so.sent())
                .put("acked", so.acked())
                .put("left", so.left()));
        return json;
    }
}
