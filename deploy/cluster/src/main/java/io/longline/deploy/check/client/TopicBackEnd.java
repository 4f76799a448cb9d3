package io.longline.deploy.check.client;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.deploy.check.history.Answer;
import io.longline.deploy.check.history.History;
import io.longline.deploy.check.history.Stamp;
import io.longline.deploy.check.history.TopicHistory;
import io.longline.deploy.check.history.TopicSending;
import io.longline.deploy.check.history.UserWish;
import io.longline.keeper.http.Json;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Optional;

/**
 * Back ends that send to topics, and have users follow them. They try again what was not answered with success. Calls block; any thread may call.
 */
public final class TopicBackEnd {
    private final History clock;
    private final TopicHistory history;
    private final Tally tally;
    private final Centers centers;

    public TopicBackEnd(History history, Tally tally, Centers centers) {
        this.clock = history;
        this.history = history.topics();
        this.tally = tally;
        this.centers = centers;
    }

    /**
     * Sends until it is answered with success: where it has an id, as often as need be; where it has none, once.
     *
     * @param size of the payload, about
     * @param first which center is asked first
     * @return whether there was success
     */
    public boolean send(TopicSending send, int size, int first) {
        boolean done = false;
        boolean again = true;
        for (int attempt = 1; again && attempt <= Centers.MOST_ATTEMPTS; attempt++) {
            Optional<Answer> answer = attempt(send, size, attempt, centers.at(first + attempt - 1));
            done = answer.filter(Answer::isSuccess).isPresent();
            again = send.messageId() != null && isToTryAgain(answer, attempt);
        }
        history.sendOver(send);
        tally.count(done ? "sends to topics done" : "sends to topics given up");
        return done;
    }

    /** Sends a message once more that was answered with success; nothing must happen. */
    public void repeat(TopicSending send, int size, int center) {
        var _ = attempt(send, size, Centers.MOST_ATTEMPTS + 1, centers.at(center));
        history.sendOver(send);
    }

    private static boolean isToTryAgain(Optional<Answer> answer, int attempt) {
        boolean again = answer.filter(some -> Centers.isDone(some, false)).isEmpty();
        if (again) {
            Centers.pause(answer.stream().toList(), attempt);
        }
        return again;
    }

    private Optional<Answer> attempt(TopicSending send, int size, int attempt, Place center) {
        long begunAt = history.sendBegun(send, attempt, center.instance());
        try {
            HttpResponse<byte[]> response =
                    centers.exchange(centers.request(send.product(), center, "/v1/topics/" + send.topic() + ":send")
                            .POST(BodyPublishers.ofString(body(send, size)))
                            .build());
            TopicReader.Sent sent = TopicReader.sent(response);
            history.answered(send, attempt, center.instance(), begunAt, sent.answer(), sent.offset());
            tally.count("send to a topic: ", sent.answer());
            return Optional.of(sent.answer());
        } catch (IOException e) {
            history.unanswered(send, attempt, center.instance(), begunAt, Centers.isRefused(e), e.toString());
            tally.count("send to a topic: no answer");
            return Optional.empty();
        }
    }

    private static String body(TopicSending send, int size) {
        ObjectNode body = Json.object();
        if (send.messageId() != null) {
            body.put("message_id", send.messageId());
        }
        body.put("payload", Stamp.of(send).text(size));
        body.putObject("options").put("ttl_s", send.ttl().toSeconds());
        return body.toString();
    }

    /** Has a user follow a topic or no longer, as often as need be. */
    public void wish(UserWish wish, int first) {
        history.wishBegun(wish);
        boolean again = true;
        for (int attempt = 1; again && attempt <= Centers.MOST_ATTEMPTS; attempt++) {
            again = isToTryAgain(wishOnce(wish, centers.at(first + attempt - 1)), attempt);
        }
        history.wishOver(wish);
    }

    private Optional<Answer> wishOnce(UserWish wish, Place center) {
        String word = wish.follow() ? "follow" : "unfollow";
        String path = "/v1/users/" + wish.user() + "/topics/" + wish.topic();
        long begunAt = clock.time();
        try {
            var request = centers.request(wish.product(), center, path);
            Answer answer = TopicReader.wished(
                    centers.exchange((wish.follow() ? request.PUT(BodyPublishers.noBody()) : request.DELETE()).build()),
                    wish);
            history.wishAnswered(wish, center.instance(), begunAt, answer);
            tally.count(word + ": ", answer);
            return Optional.of(answer);
        } catch (IOException e) {
            history.wishUnanswered(wish, center.instance(), begunAt, Centers.isRefused(e));
            tally.count(word + ": no answer");
            return Optional.empty();
        }
    }
}
