package io.longline.center.job;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.center.CenterMetrics;
import io.longline.center.clock.StoreClock;
import io.longline.center.http.Fields;
import io.longline.center.http.JsonBody;
import io.longline.center.push.BroadcastHead;
import io.longline.center.push.JobHead;
import io.longline.center.push.Target;
import io.longline.center.topic.SendId;
import io.longline.center.topic.Sent;
import io.longline.center.topic.TopicClient;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.http.HttpRequest;
import io.longline.keeper.http.HttpResponse;
import io.longline.keeper.http.Json;
import io.longline.keeper.id.Ids;
import io.longline.keeper.pool.KeyedLimit;
import io.longline.keeper.product.Product;
import io.longline.keeper.rpc.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** {@code /v1/jobs}: one message to up to 1,000,000 targets; how far it, or a broadcast, has come, and at what pace that goes on. */
public final class JobHttp {
    /** Of the body of a new job: a million lines, each with two ids of the greatest length, and room around them. */
    public static final long MAX_BODY = 512L << 20;

    private static final int OK = 200;
    private static final int ACCEPTED = 202;
    private static final int PAGE = 20;
    private static final String AFTER = "after";
    private static final String CANARY = "canary_permille";
    private static final String BYTES = "bytes_per_s";
    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    private final JobClient jobs;
    private final TopicClient topics;
    private final JobIntake intake;
    private final KeyedLimit lists;
    private final Duration patience;
    private final CenterMetrics metrics;

    /**
     * @param maxHead bytes of the first line of a job
     * @param patience how long a request may take, but for the time in which its list comes
     */
    public JobHttp(
            JobClient jobs,
            TopicClient topics,
            StoreClock clock,
            JobConfig config,
            int maxHead,
            Duration patience,
            CenterMetrics metrics) {
        this.jobs = jobs;
        this.topics = topics;
        this.intake = new JobIntake(jobs, clock, maxHead, patience);
        this.lists = new KeyedLimit(config.listsOfProduct());
        this.patience = patience;
        this.metrics = metrics;
    }

    public HttpResponse submit(HttpRequest request) {
        Product product = request.attached(Product.class);
        if (!lists.tryTake(product.id())) {
            metrics.overJobListLimit();
            throw new LonglineException(
                            ErrorCode.PRODUCT_RATE_EXCEEDED,
                            "product " + product.id() + " sends " + lists.limit() + " lists here already")
                    .retryAfter(RETRY_AFTER);
        }
        try {
            return answer(product, intake.take(product, request.bodyStream(MAX_BODY)));
        } finally {
            lists.give(product.id());
        }
    }

    private static HttpResponse answer(Product product, JobIntake.Taken taken) {
        return switch (taken) {
            case JobIntake.Validated validated -> HttpResponse.json(OK, json(validated));
            case JobIntake.Queued(Job job, boolean replayed) -> {
                HttpResponse response =
                        HttpResponse.json(ACCEPTED, json(product, job)).header("Location", "/v1/jobs/" + job.id());
                yield replayed ? response.header("Idempotent-Replay", "true") : response;
            }
        };
    }

    private static ObjectNode json(JobIntake.Validated validated) {
        ObjectNode json = Json.object()
                .put("message_id", validated.push().messageId())
                .put("status", "accepted")
                .put("targeted", validated.targeted());
        ArrayNode sample = json.putArray("sample");
        for (Target target : validated.sample()) {
            ObjectNode one = sample.addObject().put("user", target.user());
            if (target.device() != null) {
                one.put("device", target.device());
            }
        }
        return json;
    }

    private static ObjectNode json(Product product, Job job) {
        return JobAnswer.of(job, product);
    }

    /** Also a send to a topic, which is a job of its own kind. */
    public HttpResponse get(HttpRequest request) {
        Product product = request.attached(Product.class);
        String id = id(request);
        Optional<SendId> ofTopic = SendId.parse(id);
        if (ofTopic.isPresent()) {
            return HttpResponse.json(
                    OK,
                    topics.sent(product.id(), ofTopic.get(), Deadline.after(patience))
                            .toJson());
        }
        Job job = jobs.find(product.id(), id, Deadline.after(patience));
        return HttpResponse.json(OK, json(product, job));
    }

    /** The newest first. */
    public HttpResponse list(HttpRequest request) {
        Product product = request.attached(Product.class);
        List<Job> page = jobs.list(product.id(), after(request), PAGE + 1, Deadline.after(patience));
        List<Job> told = page.subList(0, Math.min(page.size(), PAGE));
        ObjectNode json = Json.object();
        ArrayNode items = json.putArray("items");
        told.forEach(job -> items.add(json(product, job)));
        if (page.size() > PAGE) {
            json.put("next", told.getLast().id());
        } else {
            json.putNull("next");
        }
        return HttpResponse.json(OK, json);
    }

    private static String after(HttpRequest request) {
        for (String name : request.query().keySet()) {
            if (!name.equals(AFTER)) {
                throw LonglineException.invalid(name, "is not known, expected no other than " + AFTER);
            }
        }
        return request.query(AFTER).map(id -> Ids.require(AFTER, id)).orElse("");
    }

    /** JOB_STATE_CONFLICT where it has ended, or is a send to a topic: that is in the log. */
    public HttpResponse change(HttpRequest request) {
        Product product = request.attached(Product.class);
        Fields fields = JsonBody.read(request.body()).fields();
        JobChange change = new JobChange(
                state(fields),
                number(fields, "rate_per_s", JobHead.MAX_RATE_PER_S),
                number(fields, BYTES, BroadcastHead.MOST_BYTES_PER_S),
                number(fields, CANARY, BroadcastHead.MOST_PERMILLE));
        if (change.isEmpty() && fields.isEmpty()) {
            fields.problem(
                    "state",
                    "expected it, or rate_per_s, or " + BYTES + " or " + CANARY + " of a broadcast, or several");
        }
        fields.finish();
        String id = id(request);
        Deadline deadline = Deadline.after(patience);
        requireNotOfTopic(product, id);
        requireFit(product, id, change, deadline);
        return HttpResponse.json(OK, json(product, jobs.change(product.id(), id, change, deadline)));
    }

    private void requireFit(Product product, String id, JobChange change, Deadline deadline) {
        boolean forBroadcasts =
                change.canaryPermille().isPresent() || change.bytesPerS().isPresent();
        if (forBroadcasts && jobs.find(product.id(), id, deadline).broadcast() == null) {
            throw change.canaryPermille().isPresent()
                    ? LonglineException.invalid(CANARY, "is of broadcasts, a job to a list has no canary")
                    : LonglineException.invalid(BYTES, "is of broadcasts, a job to a list has rate_per_s");
        }
    }

    private static OptionalInt number(Fields fields, String name, int most) {
        int number = fields.integer(name, 0, 0, most);
        return fields.has(name) ? OptionalInt.of(number) : OptionalInt.empty();
    }

    private void requireNotOfTopic(Product product, String id) {
        SendId.parse(id).ifPresent(ofTopic -> {
            Sent sent = topics.sent(product.id(), ofTopic, Deadline.after(patience));
            throw new LonglineException(
                    ErrorCode.JOB_STATE_CONFLICT,
                    "job " + id + " is a send to topic " + sent.topic() + ": its message is in the log");
        });
    }

    private static @Nullable JobState state(Fields fields) {
        Optional<String> wanted = fields.text("state");
        for (JobState state : List.of(JobState.RUNNING, JobState.PAUSED, JobState.CANCELLED)) {
            if (wanted.isPresent() && wanted.get().equals(state.text())) {
                return state;
            }
        }
        wanted.ifPresent(_ -> fields.problem("state", "expected running, paused, cancelled"));
        return null;
    }

    private static String id(HttpRequest request) {
        return Ids.require("id", request.pathParam("id"));
    }
}
