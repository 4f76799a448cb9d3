package io.longline.center.topic;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.center.audience.AudienceClient;
import io.longline.center.page.After;
import io.longline.center.page.ShardPage;
import io.longline.center.page.ShardPlace;
import io.longline.center.push.PushBody;
import io.longline.center.push.TopicPush;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.http.HttpRequest;
import io.longline.keeper.http.HttpResponse;
import io.longline.keeper.http.Json;
import io.longline.keeper.product.Product;
import io.longline.keeper.rpc.Deadline;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/** {@code POST /v1/topics/{topic}:send}, {@code GET /v1/topics} and {@code GET /v1/topics/{topic}/messages}. */
public final class TopicHttp {
    private static final int OK = 200;
    private static final int ACCEPTED = 202;
    private static final int PAGE = 100;
    private static final Pattern OFFSET = Pattern.compile("[0-9]{1,16}");

    private final TopicFlow flow;
    private final LogClient logs;
    private final AudienceClient audience;
    private final Duration patience;

    public TopicHttp(TopicFlow flow, LogClient logs, AudienceClient audience, Duration patience) {
        this.flow = flow;
        this.logs = logs;
        this.audience = audience;
        this.patience = patience;
    }

    public HttpResponse send(HttpRequest request) {
        String topic = Topics.require(request);
        TopicPush push = PushBody.readTopic(request.attached(Product.class), topic, request.body());
        ObjectNode json = Json.object().put("message_id", push.messageId());
        if (push.validateOnly()) {
            return HttpResponse.json(OK, audience.followers(request, topic).write(json.put("status", "accepted")));
        }
        TopicFlow.Accepted accepted = flow.send(push, request.requestId());
        String jobId = accepted.id().text();
        json.put("job_id", jobId).put("offset", accepted.id().offset());
        HttpResponse response = HttpResponse.json(ACCEPTED, json).header("Location", "/v1/jobs/" + jobId);
        return accepted.replayed() ? response.header("Idempotent-Replay", "true") : response;
    }

    /** Topics that have a log. */
    public HttpResponse list(HttpRequest request) {
        ShardPlace from = ShardPlace.read(After.FIELD, After.of(request));
        String product = request.attached(Product.class).id();
        ShardPage<LogPage.Topic> page = logs.topics(product, from, PAGE, Deadline.after(patience));
        ObjectNode json = Json.object();
        ArrayNode items = json.putArray("items");
        page.items()
                .forEach(topic -> items.addObject()
                        .put("topic", topic.name())
                        .put("offset", topic.offset())
                        .put("messages", topic.messages()));
        page.next().ifPresentOrElse(next -> json.put("next", next.text()), () -> json.putNull("next"));
        return HttpResponse.json(OK, json);
    }

    /** Of one topic, the oldest first, without payloads; of broadcasts those that everybody may read. */
    public HttpResponse messages(HttpRequest request) {
        String topic = Topics.requireAny(request);
        long after = offset(After.of(request));
        String product = request.attached(Product.class).id();
        LogPage page = logs.page(product, topic, after, PAGE, Deadline.after(patience));
        ObjectNode json = Json.object();
        page.gap().ifPresent(offset -> json.put("gap", offset));
        ArrayNode items = json.putArray("items");
        page.items().forEach(entry -> item(items.addObject(), entry));
        page.next().ifPresentOrElse(next -> json.put("next", Long.toString(next)), () -> json.putNull("next"));
        return HttpResponse.json(OK, json);
    }

    private static void item(ObjectNode item, LogPage.Entry entry) {
        item.put("offset", entry.offset())
                .put("message_id", entry.messageId())
                .put("sent_at_ms", entry.sentAtMs())
                .put("expires_at_ms", entry.expiresAtMs())
                .put("priority", entry.priority().text());
        if (!entry.collapseKey().isEmpty()) {
            item.put("collapse_key", entry.collapseKey());
        }
    }

    private static long offset(Optional<String> after) {
        String text = after.orElse("0");
        if (!OFFSET.matcher(text).matches()) {
            throw LonglineException.invalid(
                    After.FIELD, "is " + text + ", expected an offset, as next in the answer before");
        }
        return Long.parseLong(text);
    }
}
