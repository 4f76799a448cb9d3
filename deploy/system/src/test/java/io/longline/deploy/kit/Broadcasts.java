package io.longline.deploy.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** What the back end of a product broadcasts. It asks one center after the other until it is answered, as back ends do. */
public final class Broadcasts {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Set<String> FINAL = Set.of("done", "cancelled", "failed");

    private final List<CenterApi> centers;
    private final AtomicInteger asked = new AtomicInteger();

    public Broadcasts(List<CenterApi> centers) {
        this.centers = List.copyOf(centers);
    }

    private CenterApi center() {
        return centers.get(asked.getAndIncrement() % centers.size());
    }

    /** Answers its job; {@code more} begins with a comma: {@code ,"rate_per_s":5}. */
    public String begin(String text, String more) {
        String id = SharedCluster.fresh("cast");
        Answer taken = await().atMost(PATIENCE)
                .ignoreExceptions()
                .until(
                        () -> center().broadcast(text, ",\"message_id\":\"" + id + "\"" + more),
                        answer -> answer.status() != 503);
        assertThat(taken.status()).as("%s", taken.body()).isEqualTo(202);
        return taken.body().get("job_id").asText();
    }

    /** The job, when that is so. */
    public JsonNode awaitJob(String id, Predicate<JsonNode> condition) {
        return await().atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> center().job(id).body(), job -> job.has("state") && condition.test(job));
    }

    public JsonNode job(String id) {
        return awaitJob(id, _ -> true);
    }

    /** Until it is so; fails where it has ended otherwise. */
    public JsonNode awaitState(String id, String state) {
        JsonNode job = awaitJob(id, now -> state(now).equals(state) || FINAL.contains(state(now)));
        assertThat(state(job)).as("%s", job).isEqualTo(state);
        return job;
    }

    public static String state(JsonNode job) {
        return job.path("state").asText();
    }

    /** Begun and done. */
    public JsonNode toTheEnd(String text, String more) {
        return awaitState(begin(text, more), "done");
    }

    /** Answers the job; {@code fields} are those of a {@code PATCH}. */
    public JsonNode change(String id, String fields) {
        Answer changed = await().atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> center().changeJob(id, "{" + fields + "}"), answer -> answer.status() != 503);
        assertThat(changed.status()).as("%s", changed.body()).isEqualTo(200);
        return changed.body();
    }

    /** The sum over all rooms of one of their numbers. */
    public static long inRooms(JsonNode job, String number) {
        long sum = 0;
        for (JsonNode room : job.get("per_room")) {
            sum += room.get(number).asLong();
        }
        return sum;
    }
}
