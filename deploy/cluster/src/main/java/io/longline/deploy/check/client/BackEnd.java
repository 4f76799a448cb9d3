package io.longline.deploy.check.client;

import io.longline.deploy.check.history.Answer;
import io.longline.deploy.check.history.EndpointId;
import io.longline.deploy.check.history.History;
import io.longline.deploy.check.history.Sending;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/**
 * The back ends of all products: they send, look, recall, forget devices, and try again with the same id what was not answered with success. Calls
 * block; any thread may call.
 */
public final class BackEnd implements AutoCloseable {
    private static final Duration REQUEST = Duration.ofSeconds(20);
    private static final int MOST_ATTEMPTS = 60;

    private static final long LONGEST_PAUSE_MS = 5_000;

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(15))
            .build();
    private final History history;
    private final Tally tally;
    private final List<Place> centers;
    private final Map<String, Tenant> tenants;
    /** By the number of their message. */
    private final Map<Integer, Job> jobs = new ConcurrentHashMap<>();

    /** @param tenants by product */
    public BackEnd(History history, Tally tally, List<Place> centers, Map<String, Tenant> tenants) {
        this.history = history;
        this.tally = tally;
        this.centers = List.copyOf(centers);
        this.tenants = Map.copyOf(tenants);
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
        for (int attempt = 1; !left.isEmpty() && attempt <= MOST_ATTEMPTS; attempt++) {
            Place center = centers.get((first + attempt - 1) % centers.size());
            List<Answer> answers = attempt(left, attempt, center, writing.apply(left));
            left = left(left, answers, ids);
            if (!left.isEmpty()) {
                pause(answers, attempt);
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
            boolean limited = tenant(letter.message().product()).limited();
            boolean done = !own.isEmpty() && own.stream().allMatch(answer -> isDone(answer, limited));
            if (letter.id() != null && !done) {
                left.add(letter);
            }
            from = to;
        }
        return left;
    }

    private static boolean isDone(Answer answer, boolean limited) {
        return answer.status() != 503 && (answer.status() != 429 || (limited && answer.isOverLimit()));
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
                count(post.word(), answers.get(i));
            }
            if (answers.stream().allMatch(Answer::isSuccess)) {
                tally.latency(history.time() - begunAt);
            }
            return answers;
        } catch (IOException e) {
            boolean refused = isRefused(e);
            for (Sending part : parts) {
                history.unanswered(part, attempt, center.instance(), begunAt, refused, e.toString());
            }
            tally.count(post.word() + ": no answer");
            return List.of();
        }
    }

    private static boolean isRefused(IOException e) {
        return e instanceof ConnectException || e instanceof HttpConnectTimeoutException;
    }

    /** As long as it is told, and longer each time: what is away for a minute is not to be asked all the time. */
    private static void pause(List<Answer> answers, int attempt) {
        long ms = answers.stream()
                .flatMap(answer -> Optional.ofNullable(answer.error()).stream())
                .mapToLong(Answer.Problem::retryAfterMs)
                .max()
                .orElse(200);
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(Math.clamp(ms * attempt, 50, LONGEST_PAUSE_MS)));
    }

    /** Sends a message once more that was answered with success; nothing must happen. */
    public void repeat(Letter letter, int center) {
        attempt(List.of(letter), MOST_ATTEMPTS + 1, centers.get(center % centers.size()), post(letter));
        letter.parts().forEach(history::sendOver);
    }

    /** Sends another body under an id that was answered with success. */
    public void contradict(Letter letter, int first) {
        Place center = centers.get(first % centers.size());
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
            count("contradict", answers.getFirst());
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
        Place center = centers.get(first % centers.size());
        long begunAt = history.time();
        try {
            Answer answer = AnswerReader.message(exchange(request(parts.getFirst(), center, "/v1/messages/" + id)
                    .GET()
                    .build()));
            parts.forEach(part -> history.looked(part, center.instance(), begunAt, answer));
            count("look", answer);
        } catch (IOException e) {
            tally.count("look: no answer");
        }
    }

    private void lookAtJob(Job job, int first) {
        Letter letter = job.letter;
        Place center = centers.get(first % centers.size());
        long begunAt = history.time();
        try {
            JobReader.Told told = JobReader.told(
                    exchange(request(letter.message(), center, "/v1/jobs/" + job.id)
                            .GET()
                            .build()),
                    letter.parts().size());
            letter.parts()
                    .forEach(part -> history.jobTold(part, center.instance(), begunAt, told.answer(), told.job()));
            count("look at a job", told.answer());
        } catch (IOException e) {
            tally.count("look at a job: no answer");
        }
    }

    /** Recalls it, for all of its targets. */
    public void recall(Letter letter, String id, int first) {
        Place center = centers.get(first % centers.size());
        long begunAt = history.time();
        letter.parts().forEach(part -> history.recallBegun(part, center.instance()));
        try {
            Answer answer = AnswerReader.message(exchange(request(letter.message(), center, "/v1/messages/" + id)
                    .DELETE()
                    .build()));
            letter.parts().forEach(part -> history.recalled(part, center.instance(), begunAt, answer));
            count("recall", answer);
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
        for (int attempt = 1; again && attempt <= MOST_ATTEMPTS; attempt++) {
            List<Answer> answers = forgetOnce(device, centers.get((first + attempt - 1) % centers.size()));
            done = answers.stream().anyMatch(Answer::isSuccess);
            again = answers.stream().noneMatch(answer -> isDone(answer, false));
            if (again) {
                pause(answers, attempt);
            }
        }
        history.forgetOver(device, begunAt, done);
    }

    private List<Answer> forgetOnce(EndpointId device, Place center) {
        long begunAt = history.time();
        String path = "/v1/users/" + device.user() + "/devices/" + device.device();
        try {
            Answer answer = AnswerReader.forgotten(
                    exchange(request(device.product(), center, path).DELETE().build()));
            history.forgetAnswered(device, center.instance(), begunAt, answer);
            count("forget", answer);
            return List.of(answer);
        } catch (IOException e) {
            history.forgetUnanswered(device, center.instance(), begunAt, isRefused(e));
            tally.count("forget: no answer");
            return List.of();
        }
    }

    // ---- requests ----

    private void count(String what, Answer answer) {
        String reason = answer.error() == null ? "" : " " + answer.error().reason();
        tally.count(what + ": " + answer.status() + reason);
    }

    private Tenant tenant(String product) {
        Tenant tenant = tenants.get(product);
        if (tenant == null) {
            throw new IllegalArgumentException("no product " + product);
        }
        return tenant;
    }

    private HttpRequest.Builder request(Sending send, Place center, String path) {
        return request(send.product(), center, path);
    }

    private HttpRequest.Builder request(String product, Place center, String path) {
        return HttpRequest.newBuilder(center.http().resolve(path))
                .timeout(REQUEST)
                .header("Authorization", tenant(product).authorization());
    }

    private HttpResponse<byte[]> exchange(HttpRequest request) throws IOException {
        try {
            return http.send(request, BodyHandlers.ofByteArray());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
