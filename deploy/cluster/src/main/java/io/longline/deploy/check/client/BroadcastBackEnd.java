package io.longline.deploy.check.client;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.deploy.check.history.Answer;
import io.longline.deploy.check.history.BroadcastHistory;
import io.longline.deploy.check.history.BroadcastSending;
import io.longline.deploy.check.history.BroadcastState;
import io.longline.deploy.check.history.BroadcastWish;
import io.longline.deploy.check.history.History;
import io.longline.deploy.check.history.Stamp;
import io.longline.keeper.http.Json;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Optional;

/**
 * Back ends that send to everybody, look how far that is, and change, end and recall it. They try again what was not answered with success, but
 * for looks. Calls block; any thread may call.
 */
public final class BroadcastBackEnd {
    private final History clock;
    private final BroadcastHistory history;
    private final Tally tally;
    private final Centers centers;

    public BroadcastBackEnd(History history, Tally tally, Centers centers) {
        this.clock = history;
        this.history = history.broadcasts();
        this.tally = tally;
        this.centers = centers;
    }

    /** A broadcast that was taken. */
    public record Taken(BroadcastSending send, int size, String jobId, String messageId) {}

    /**
     * Sends until it is answered with success: where it has an id, as often as need be; where it has none, once.
     *
     * @param size of the payload, about
     * @param first which center is asked first
     * @return empty: there was no success
     */
    public Optional<Taken> send(BroadcastSending send, int size, int first) {
        Optional<BroadcastReader.Told> told = Optional.empty();
        boolean again = true;
        for (int attempt = 1; again && attempt <= Centers.MOST_ATTEMPTS; attempt++) {
            told = attempt(send, size, attempt, centers.at(first + attempt - 1));
            again = send.messageId() != null && isToTryAgain(told.map(BroadcastReader.Told::answer), attempt);
        }
        history.sendOver(send);
        Optional<Taken> taken = told.filter(each -> each.answer().isSuccess())
                .map(each -> new Taken(send, size, each.id(), each.answer().messageId()));
        tally.count(taken.isPresent() ? "broadcasts taken" : "broadcasts given up");
        return taken;
    }

    /** Sends once more what was taken under an id; nothing must happen. */
    public void repeat(Taken taken, int center) {
        var _ = attempt(taken.send(), taken.size(), Centers.MOST_ATTEMPTS + 1, centers.at(center));
        history.sendOver(taken.send());
    }

    private static boolean isToTryAgain(Optional<Answer> answer, int attempt) {
        boolean again = answer.filter(some -> Centers.isDone(some, false)).isEmpty();
        if (again) {
            Centers.pause(answer.stream().toList(), attempt);
        }
        return again;
    }

    private Optional<BroadcastReader.Told> attempt(BroadcastSending send, int size, int attempt, Place center) {
        long begunAt = history.sendBegun(send, attempt, center.instance());
        try {
            BroadcastReader.Told told = BroadcastReader.told(
                    centers.exchange(centers.request(send.product(), center, "/v1/broadcasts")
                            .POST(BodyPublishers.ofString(body(send, size)))
                            .build()),
                    send);
            history.answered(send, attempt, center.instance(), begunAt, told.answer(), told.id(), told.job());
            tally.count("broadcast: ", told.answer());
            return Optional.of(told);
        } catch (IOException e) {
            history.unanswered(send, attempt, center.instance(), begunAt, Centers.isRefused(e), e.toString());
            tally.count("broadcast: no answer");
            return Optional.empty();
        }
    }

    private static String body(BroadcastSending send, int size) {
        ObjectNode body = Json.object().put("topic", send.topic());
        if (send.messageId() != null) {
            body.put("message_id", send.messageId());
        }
        if (send.ratePerS() > 0) {
            body.put("rate_per_s", send.ratePerS());
        }
        if (send.canaryPermille() > 0) {
            body.put("canary_permille", send.canaryPermille());
        }
        body.put("payload", Stamp.of(send).text(size));
        body.putObject("options").put("ttl_s", send.ttl().toSeconds());
        return body.toString();
    }

    // ---- what was taken ----

    /** How far it is; empty where nobody says. */
    public Optional<BroadcastState> look(Taken taken, int first) {
        BroadcastSending send = taken.send();
        Place center = centers.at(first);
        long begunAt = clock.time();
        try {
            BroadcastReader.Told told = BroadcastReader.told(
                    centers.exchange(centers.request(send.product(), center, "/v1/jobs/" + taken.jobId())
                            .GET()
                            .build()),
                    send);
            history.looked(send, center.instance(), begunAt, told.answer(), told.job());
            tally.count("look at a broadcast: ", told.answer());
            return Optional.ofNullable(told.job());
        } catch (IOException e) {
            tally.count("look at a broadcast: no answer");
            return Optional.empty();
        }
    }

    /** Wants something else of it, as often as need be. */
    public void change(Taken taken, BroadcastWish wish, int first) {
        boolean again = true;
        for (int attempt = 1; again && attempt <= Centers.MOST_ATTEMPTS; attempt++) {
            again = isToTryAgain(changeOnce(taken, wish, centers.at(first + attempt - 1)), attempt);
        }
    }

    private Optional<Answer> changeOnce(Taken taken, BroadcastWish wish, Place center) {
        BroadcastSending send = taken.send();
        long begunAt = history.changeBegun(send, center.instance(), wish);
        try {
            BroadcastReader.Told told = BroadcastReader.told(
                    centers.exchange(centers.request(send.product(), center, "/v1/jobs/" + taken.jobId())
                            .method("PATCH", BodyPublishers.ofString(body(wish)))
                            .build()),
                    send);
            history.changed(send, center.instance(), begunAt, wish, told.answer(), told.job());
            tally.count("change a broadcast: ", told.answer());
            return Optional.of(told.answer());
        } catch (IOException e) {
            history.changed(send, center.instance(), begunAt, wish, null, null);
            tally.count("change a broadcast: no answer");
            return Optional.empty();
        }
    }

    private static String body(BroadcastWish wish) {
        ObjectNode body = Json.object();
        if (wish.state() != null) {
            body.put("state", wish.state());
        }
        if (wish.ratePerS() >= 0) {
            body.put("rate_per_s", wish.ratePerS());
        }
        if (wish.canaryPermille() >= 0) {
            body.put("canary_permille", wish.canaryPermille());
        }
        return body.toString();
    }

    /** Recalls it, as often as need be. */
    public void recall(Taken taken, int first) {
        boolean again = true;
        for (int attempt = 1; again && attempt <= Centers.MOST_ATTEMPTS; attempt++) {
            again = isToTryAgain(recallOnce(taken, centers.at(first + attempt - 1)), attempt);
        }
    }

    private Optional<Answer> recallOnce(Taken taken, Place center) {
        BroadcastSending send = taken.send();
        long begunAt = history.recallBegun(send, center.instance());
        try {
            Answer answer = BroadcastReader.recalled(
                    centers.exchange(centers.request(send.product(), center, "/v1/messages/" + taken.messageId())
                            .DELETE()
                            .build()));
            history.recalled(send, center.instance(), begunAt, answer);
            tally.count("recall a broadcast: ", answer);
            return Optional.of(answer);
        } catch (IOException e) {
            history.recalled(send, center.instance(), begunAt, null);
            tally.count("recall a broadcast: no answer");
            return Optional.empty();
        }
    }
}
