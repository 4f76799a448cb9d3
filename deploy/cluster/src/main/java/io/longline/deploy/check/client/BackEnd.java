package io.longline.deploy.check.client;

import io.longline.deploy.check.history.Answer;
import io.longline.deploy.check.history.EndpointId;
import io.longline.deploy.check.history.History;
import io.longline.deploy.check.history.Sending;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * The back ends of all products: they send, look, recall, forget devices, and try again with the same id what was not answered with success. Calls
 * block; any thread may call.
 */
public final class BackEnd {
    private final History history;
    private final Tally tally;
    private final Centers centers;
    /** By the number of their message. */
    private final Map<Integer, Job> jobs = new ConcurrentHashMap<>();

    public BackEnd(History history, Tally tally, Centers centers) {
        this.history = history;
        this.tally = tally;
        this.centers = centers;
    }

    // ---- sending ----

    /**
     * Sends until it is answered with success at all targets: where it has an id, as often as need be, at one center after the other; where it
     * has none, once. A product with limits does not insist.
     *
     * @param first which center is asked first
     * @return its id; empty where there was no success
     */
    public Optional<String> send(Letter letter, int first) {
        return Optional.ofNullable(
                deliver(List.of(letter), first, left -> post(left.getFirst())).get(letter));
    }

    /** Likewise several of one product in one request; answers the ids of those that were answered with success. */
    public Map<Letter, String> batch(List<Letter> letters, int first) {
        return deliver(letters, first, Post::batch);
    }

    private Map<Letter, String> deliver(List<Letter> letters, int first, Function<List<Letter>, Post> writing) {
        Map<Letter, String> ids = new HashMap<>();
        List<Letter> left = letters;
        for (int attempt = 1; !left.isEmpty() && attempt <= Centers.MOST_ATTEMPTS; attempt++) {
            Place center = centers.at(first + attempt - 1);
            List<Answer> answers = attempt(left, attempt, center, writing.apply(left));
            left = left(left, answers, ids);
            if (!left.isEmpty()) {
                Centers.pause(answers, attempt);
            }
        }
        letters.stream().flatMap(letter -> letter.parts().stream()).forEach(history::sendOver);
        letters.forEach(letter -> tally.count(ids.containsKey(letter) ? "sends done" : "sends given up"));
        return ids;
    }

    /** What is to be sent once more. */
    private List<Letter> left(List<Letter> letters, List<Answer> answers, Map<Letter, String> ids) {
        List<Letter> left = new ArrayList<>();
        int from = 0;
        for (Letter letter : letters) {
            int to = from + letter.parts().size();
            List<Answer> own = answers.isEmpty() ? List.of() : answers.subList(from, to);
            own.stream().filter(Answer::isSuccess).findFirst().ifPresent(some -> ids.put(letter, some.messageId()));
            boolean limited = centers.tenant(letter.message().product()).limited();
            boolean done = !own.isEmpty() && own.stream().allMatch(answer -> Centers.isDone(answer, limited));
            if (letter.id() != null && !done) {
                left.add(letter);
            }
            from = to;
        }
        return left;
    }

    /** One answer for each part of each letter; none where none came. */
    private List<Answer> attempt(List<Letter> letters, int attempt, Place center, Post post) {
        List<Sending> parts =
                letters.stream().flatMap(letter -> letter.parts().stream()).toList();
        long begunAt = 0;
        for (Sending part : parts) {
            begunAt = history.sendBegun(part, attempt, center.instance());
        }
        try {
            List<Answer> answers = post.reading()
                    .apply(exchange(request(parts.getFirst(), center, post.path())
                            .POST(BodyPublishers.ofString(post.body()))
                            .build()));
            for (int i = 0; i < parts.size(); i++) {
                history.answered(parts.get(i), attempt, center.instance(), begunAt, answers.get(i));
                tally.count(post.word() + ": ", answers.get(i));
            }
            if (answers.stream().allMatch(Answer::isSuccess)) {
                tally.latency(history.time() - begunAt);
            }
            return answers;
        } catch (IOException e) {
            boolean refused = Centers.isRefused(e);
            for (Sending part : parts) {
                history.unanswered(part, attempt, center.instance(), begunAt, refused, e.toString());
            }
            tally.count(post.word() + ": no answer");
            return List.of();
        }
    }

    /** Sends a message once more that was answered with success; nothing must happen. */
    public void repeat(Letter letter, int center) {
        attempt(List.of(letter), Centers.MOST_ATTEMPTS + 1, centers.at(center), post(letter));
        letter.parts().forEach(history::sendOver);
    }

    /** Sends another body under an id that was answered with success. */
    public void contradict(Letter letter, int first) {
        Place center = centers.at(first);
        Post post = post(letter.other());
        long begunAt = history.time();
        letter.parts().forEach(part -> history.contradictBegun(part, center.instance()));
        try {
            List<Answer> answers = post.reading()
                    .apply(exchange(request(letter.message(), center, post.path())
                            .POST(BodyPublishers.ofString(post.body()))
                            .build()));
            for (int i = 0; i < answers.size(); i++) {
                history.contradicted(letter.parts().get(i), center.instance(), begunAt, answers.get(i));
            }
            tally.count("contradict: ", answers.getFirst());
        } catch (IOException e) {
            tally.count("contradict: no answer");
        }
    }

    private Post post(Letter letter) {
        int number = letter.message().number();
        return Post.of(letter, id -> jobs.put(number, new Job(letter, id)));
    }

    private record Job(Letter letter, String id) {}

    // ---- what was sent ----

    /** Asks what became of it, at some or all of its targets; of a job, how far it is. */
    public void look(List<Sending> parts, String id, int first) {
        Job job = jobs.get(parts.getFirst().number());
        if (job == null) {
            lookAtMessage(parts, id, first);
        } else {
            lookAtJob(job, first);
        }
    }

    private void lookAtMessage(List<Sending> parts, String id, int first) {
        Place center = centers.at(first);
        long begunAt = history.time();
        try {
            Answer answer = AnswerReader.message(exchange(request(parts.getFirst(), center, "/v1/messages/" + id)
                    .GET()
                    .build()));
            parts.forEach(part -> history.looked(part, center.instance(), begunAt, answer));
            tally.count("look: ", answer);
        } catch (IOException e) {
            tally.count("look: no answer");
        }
    }

    private void lookAtJob(Job job, int first) {
        Letter letter = job.letter;
        Place center = centers.at(first);
        long begunAt = history.time();
        try {
            JobReader.Told told = JobReader.told(
                    exchange(request(letter.message(), center, "/v1/jobs/" + job.id)
                            .GET()
                            .build()),
                    letter.parts().size());
            letter.parts()
                    .forEach(part -> history.jobTold(part, center.instance(), begunAt, told.answer(), told.job()));
            tally.count("look at a job: ", told.answer());
        } catch (IOException e) {
            tally.count("look at a job: no answer");
        }
    }

    /** Recalls it, for all of its targets. */
    public void recall(Letter letter, String id, int first) {
        Place center = centers.at(first);
        long begunAt = history.time();
        letter.parts().forEach(part -> history.recallBegun(part, center.instance()));
        try {
            Answer answer = AnswerReader.message(exchange(request(letter.message(), center, "/v1/messages/" + id)
                    .DELETE()
                    .build()));
            letter.parts().forEach(part -> history.recalled(part, center.instance(), begunAt, answer));
            tally.count("recall: ", answer);
        } catch (IOException e) {
            tally.count("recall: no answer");
        }
    }

    // ---- devices ----

    /** Has a device forgotten, as often as need be. */
    public void forget(EndpointId device, int first) {
        long begunAt = history.forgetBegun(device);
        boolean again = true;
        boolean done = false;
        for (int attempt = 1; again && attempt <= Centers.MOST_ATTEMPTS; attempt++) {
            List<Answer> answers = forgetOnce(device, centers.at(first + attempt - 1));
            done = answers.stream().anyMatch(Answer::isSuccess);
            again = answers.stream().noneMatch(answer -> Centers.isDone(answer, false));
            if (again) {
                Centers.pause(answers, attempt);
            }
        }
        history.forgetOver(device, begunAt, done);
    }

    private List<Answer> forgetOnce(EndpointId device, Place center) {
        long begunAt = history.time();
        String path = "/v1/users/" + device.user() + "/devices/" + device.device();
        try {
            Answer answer = AnswerReader.forgotten(exchange(
                    centers.request(device.product(), center, path).DELETE().build()));
            history.forgetAnswered(device, center.instance(), begunAt, answer);
            tally.count("forget: ", answer);
            return List.of(answer);
        } catch (IOException e) {
            history.forgetUnanswered(device, center.instance(), begunAt, Centers.isRefused(e));
            tally.count("forget: no answer");
            return List.of();
        }
    }

    // ---- requests ----

    private HttpRequest.Builder request(Sending send, Place center, String path) {
        return centers.request(send.product(), center, path);
    }

    private HttpResponse<byte[]> exchange(HttpRequest request) throws IOException {
        return centers.exchange(request);
    }
}
