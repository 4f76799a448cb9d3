package io.longline.backend;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * A back end of one product. Calls block, and any thread may call. What is answered 429, 502, 503 or 504, or not at all within 16 s, is tried
 * again after the time that the answer names, at the next center, until the patience ends; every message gets an id first, so that no repetition
 * sends it twice. Needs Jackson and nothing else.
 */
public final class BackEnd {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration ATTEMPT =
            Duration.ofSeconds(16); // a send with wait_ms may take 10 s, and 5 s for its own work
    private static final Set<Integer> AGAIN =
            Set.of(429, 502, 503, 504); // 502 and 504 are of what stands before a center
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    private static final Duration SIGNED_WITHIN = Duration.ofMinutes(5);
    private static final Pattern SIGNATURE = Pattern.compile("t=([0-9]{1,12}),v1=([0-9a-f]{64})");

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .build();
    private final List<URI> centers;
    private final String authorization;
    private final Duration patience;
    private final Duration attempt;

    /**
     * Creates one; it connects when it is first used.
     *
     * @param centers {@code http://HOST:7200} of each, or of what stands before them
     * @param secret an API secret of the product
     * @param patience how long one call takes at most, with all its tries
     */
    public BackEnd(List<URI> centers, String product, String secret, Duration patience) {
        this(centers, product, secret, patience, ATTEMPT);
    }

    BackEnd(List<URI> centers, String product, String secret, Duration patience, Duration attempt) {
        if (centers.isEmpty()) {
            throw new IllegalArgumentException("no center is given");
        }
        this.centers = List.copyOf(centers);
        byte[] credentials = (product + ":" + secret).getBytes(StandardCharsets.UTF_8);
        this.authorization = "Basic " + Base64.getEncoder().encodeToString(credentials);
        this.patience = patience;
        this.attempt = attempt;
    }

    /** Something was refused, and trying again would not help, or did not within the patience. */
    public static final class RefusedException extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final int status;
        private final String reason;

        RefusedException(int status, String reason, String message) {
            super(status + " " + reason + ": " + message);
            this.status = status;
            this.reason = reason;
        }

        /** Of HTTP. */
        public int status() {
            return status;
        }

        /** {@code INVALID_ARGUMENT} and so on; the OpenAPI description lists them. */
        public String reason() {
            return reason;
        }
    }

    // ---- messages ----

    /** A text to all devices of a user. */
    public JsonNode send(String user, String text) {
        ObjectNode body = JSON.createObjectNode();
        body.putObject("target").put("user", user);
        return send(body.put("payload", text));
    }

    /** A whole body of {@code POST /v1/messages:send}; one without {@code message_id} is given one. */
    public JsonNode send(ObjectNode body) {
        return call("POST", "/v1/messages:send", withId(body));
    }

    /** A whole body of {@code POST /v1/messages:multicast}, likewise. */
    public JsonNode multicast(ObjectNode body) {
        return call("POST", "/v1/messages:multicast", withId(body));
    }

    /** Whole bodies of {@code :send}, at most 500; each has its answer or its error at its place. */
    public JsonNode batch(List<ObjectNode> messages) {
        ObjectNode body = JSON.createObjectNode();
        body.putArray("messages").addAll(messages.stream().map(BackEnd::withId).toList());
        return call("POST", "/v1/messages:batch", body);
    }

    /** What became of a message. */
    public JsonNode message(String id) {
        return call("GET", "/v1/messages/" + segment(id), null);
    }

    /** Recalls it, and answers what became of it. */
    public JsonNode recall(String id) {
        return call("DELETE", "/v1/messages/" + segment(id), null);
    }

    // ---- topics ----

    /** A text to all who follow a topic; the answer has its {@code offset}. */
    public JsonNode sendToTopic(String topic, String text) {
        return sendToTopic(topic, JSON.createObjectNode().put("payload", text));
    }

    /** A whole body of {@code POST /v1/topics/{topic}:send}; one without {@code message_id} is given one. */
    public JsonNode sendToTopic(String topic, ObjectNode body) {
        return call("POST", "/v1/topics/" + segment(topic) + ":send", withId(body));
    }

    /** All devices of a user, also those to come, follow a topic from now on. */
    public void follow(String user, String topic) {
        call("PUT", following(user, topic), null);
    }

    /** They follow it no longer. */
    public void unfollow(String user, String topic) {
        call("DELETE", following(user, topic), null);
    }

    private static String following(String user, String topic) {
        return "/v1/users/" + segment(user) + "/topics/" + segment(topic);
    }

    // ---- broadcasts and jobs ----

    /** A text to everybody; the answer has the {@code job_id}. */
    public JsonNode broadcast(String text) {
        return broadcast(JSON.createObjectNode().put("payload", text));
    }

    /** A whole body of {@code POST /v1/broadcasts}; one without {@code message_id} is given one. */
    public JsonNode broadcast(ObjectNode body) {
        return call("POST", "/v1/broadcasts", withId(body));
    }

    /** How far a broadcast, or a message to a list, has come. */
    public JsonNode job(String id) {
        return call("GET", jobPath(id), null);
    }

    /** A whole body of {@code PATCH /v1/jobs/{id}}: its {@code state}, {@code rate_per_s}, {@code bytes_per_s}, {@code canary_permille}. Answers the job. */
    public JsonNode changeJob(String id, ObjectNode change) {
        return call("PATCH", jobPath(id), change);
    }

    private static String jobPath(String id) {
        return "/v1/jobs/" + segment(id);
    }

    private static ObjectNode withId(ObjectNode body) {
        return body.hasNonNull("message_id")
                ? body
                : body.deepCopy().put("message_id", UUID.randomUUID().toString());
    }

    // ---- users ----

    /** Devices, who is online, and what waits. */
    public JsonNode user(String user) {
        return call("GET", "/v1/users/" + segment(user), null);
    }

    /** A token with which a client of this user may bind. */
    public String token(String user, Duration ttl) {
        ObjectNode body = JSON.createObjectNode().put("user", user).put("ttl_s", ttl.toSeconds());
        return call("POST", "/v1/tokens", body).path("token").asText();
    }

    // ---- any request ----

    /**
     * A request of which there is no method here.
     *
     * @param path with its query, encoded
     * @return the body of the answer
     * @throws RefusedException for anything but success
     * @throws UncheckedIOException where no center answered within the patience
     */
    public JsonNode call(String method, String path, @Nullable JsonNode body) {
        long end = System.nanoTime() + patience.toNanos();
        Duration pause = FIRST_PAUSE;
        int first = ThreadLocalRandom.current().nextInt(centers.size());
        for (int tries = 0; true; tries++) {
            URI center = centers.get((first + tries) % centers.size());
            Duration wait;
            RuntimeException failure;
            try {
                long left = Math.min(attempt.toNanos(), end - System.nanoTime());
                HttpResponse<byte[]> response = exchange(center.resolve(path), method, body, left);
                if (response.statusCode() / 100 == 2) {
                    return JSON.readTree(response.body());
                }
                JsonNode error = error(response.body());
                String reason = error.path("reason").asText("UNKNOWN");
                failure = new RefusedException(
                        response.statusCode(), reason, error.path("message").asText());
                if (!AGAIN.contains(response.statusCode())) {
                    throw failure;
                }
                wait = Duration.ofMillis(error.path("retry_after_ms").asLong(pause.toMillis()));
            } catch (IOException e) {
                failure = new UncheckedIOException(e);
                wait = pause;
            }
            wait = wait.plusMillis(ThreadLocalRandom.current().nextLong(1 + wait.toMillis() / 4));
            if (System.nanoTime() + wait.toNanos() - end > 0) {
                throw failure;
            }
            sleep(wait);
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
        }
    }

    /** What stands before a center may answer with no JSON. */
    private static JsonNode error(byte[] body) throws IOException {
        try {
            return JSON.readTree(body).path("error");
        } catch (JsonProcessingException e) {
            return JSON.missingNode();
        }
    }

    /** At most so long, the body of the answer included. */
    private HttpResponse<byte[]> exchange(URI to, String method, @Nullable JsonNode body, long limitNanos)
            throws IOException {
        HttpRequest request = HttpRequest.newBuilder(to)
                .header("Authorization", authorization)
                .method(
                        method,
                        body == null
                                ? BodyPublishers.noBody()
                                : BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)))
                .build();
        CompletableFuture<HttpResponse<byte[]>> exchange = http.sendAsync(request, BodyHandlers.ofByteArray());
        try {
            return exchange.get(limitNanos, TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            exchange.cancel(true);
            throw new IOException(to.getAuthority() + " did not answer in time", e);
        } catch (ExecutionException e) {
            throw new IOException(to.getAuthority() + " did not answer: " + e.getCause(), e.getCause());
        } catch (InterruptedException e) {
            exchange.cancel(true);
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static void sleep(Duration time) {
        try {
            Thread.sleep(time.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new IOException("interrupted", e));
        }
    }

    private static String segment(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    // ---- callbacks ----

    /**
     * Whether a callback comes from Longline, and not from somebody who repeats an old one.
     *
     * @param signature the header {@code Longline-Signature}
     * @param body as it came, byte for byte
     * @param secret of the callback
     */
    public static boolean isGenuine(String signature, byte[] body, String secret) {
        return isGenuine(signature, body, secret, Instant.now());
    }

    static boolean isGenuine(String signature, byte[] body, String secret, Instant now) {
        Matcher parts = SIGNATURE.matcher(signature);
        if (!parts.matches()) {
            return false;
        }
        Duration age = Duration.between(Instant.ofEpochSecond(Long.parseLong(parts.group(1))), now)
                .abs();
        byte[] given = HexFormat.of().parseHex(parts.group(2));
        return age.compareTo(SIGNED_WITHIN) <= 0 && MessageDigest.isEqual(given, sign(parts.group(1), body, secret));
    }

    private static byte[] sign(String time, byte[] body, String secret) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            mac.update((time + ".").getBytes(StandardCharsets.UTF_8));
            return mac.doFinal(body);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
