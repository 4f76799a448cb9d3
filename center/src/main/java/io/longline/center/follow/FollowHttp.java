package io.longline.center.follow;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.center.http.JsonBody;
import io.longline.center.page.After;
import io.longline.center.page.ShardPage;
import io.longline.center.page.ShardPlace;
import io.longline.center.topic.Topics;
import io.longline.keeper.http.HttpRequest;
import io.longline.keeper.http.HttpResponse;
import io.longline.keeper.http.Json;
import io.longline.keeper.id.Ids;
import io.longline.keeper.product.Product;
import io.longline.keeper.rpc.Deadline;
import java.time.Duration;

/**
 * {@code PUT} and {@code DELETE /v1/users/{user}/topics/{topic}}: the user's endpoints follow the topic from now on, or no longer,
 * connected or not; and {@code GET /v1/topics/{topic}/users}. Neither the user nor the topic need be known.
 */
public final class FollowHttp {
    private static final int OK = 200;
    private static final int PAGE = 100;

    private final FollowClient follows;
    private final Duration patience;

    public FollowHttp(FollowClient follows, Duration patience) {
        this.follows = follows;
        this.patience = patience;
    }

    public HttpResponse follow(HttpRequest request) {
        String user = Ids.require("user", request.pathParam("user"));
        String topic = Topics.require(request);
        byte[] body = request.body();
        if (body.length > 0) {
            JsonBody.read(body).fields().finish(); // there is nothing to say yet
        }
        follows.follow(request.attached(Product.class).id(), user, topic, Deadline.after(patience));
        return answer(user, topic);
    }

    public HttpResponse unfollow(HttpRequest request) {
        String user = Ids.require("user", request.pathParam("user"));
        String topic = Topics.require(request);
        follows.unfollow(request.attached(Product.class).id(), user, topic, Deadline.after(patience));
        return answer(user, topic);
    }

    private static HttpResponse answer(String user, String topic) {
        return HttpResponse.json(OK, Json.object().put("user", user).put("topic", topic));
    }

    /** Users of whom an endpoint follows it. */
    public HttpResponse users(HttpRequest request) {
        String topic = Topics.require(request);
        ShardPlace from = ShardPlace.read(After.FIELD, After.of(request));
        String product = request.attached(Product.class).id();
        ShardPage<String> page = follows.followers(product, topic, from, PAGE, Deadline.after(patience));
        ObjectNode json = Json.object();
        ArrayNode items = json.putArray("items");
        page.items().forEach(user -> items.addObject().put("user", user));
        page.next().ifPresentOrElse(next -> json.put("next", next.text()), () -> json.putNull("next"));
        return HttpResponse.json(OK, json);
    }
}
