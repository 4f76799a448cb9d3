package io.longline.deploy.check.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.deploy.check.history.EndpointId;
import io.longline.keeper.http.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Makes the products of a run over the HTTP API, and waits until everybody knows them. */
public final class Operator implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int OK = 200;
    private static final int CREATED = 201;
    private static final int UNAUTHENTICATED = 401;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final List<Place> centers;
    private final List<Place> rooms;
    private final String authorization;

    public Operator(List<Place> centers, List<Place> rooms, String secret) {
        this.centers = List.copyOf(centers);
        this.rooms = List.copyOf(rooms);
        byte[] pair = ("admin:" + secret).getBytes(StandardCharsets.UTF_8);
        this.authorization = "Basic " + Base64.getEncoder().encodeToString(pair);
    }

    /** A product with this durability and window; returns when every center and room knows it. */
    public Tenant create(String product, boolean journaled, int window) {
        return create(body(product, journaled).put("window", window), product, journaled, false);
    }

    /** A product that may send so many messages a second in all, and an hour to each user. */
    public Tenant createLimited(String product, boolean journaled, int perSecond, int perHourToAUser) {
        ObjectNode body = body(product, journaled);
        body.putObject("limits").put("rate_per_s", perSecond).put("user_messages_per_hour", perHourToAUser);
        return create(body, product, journaled, true);
    }

    private static ObjectNode body(String product, boolean journaled) {
        ObjectNode body = Json.object().put("product", product).put("durability", journaled ? "mysql" : "redis");
        body.putObject("heartbeat").put("min_s", 1);
        body.putObject("callbacks").putArray("networks").add("127.0.0.0/8");
        return body;
    }

    private Tenant create(ObjectNode body, String product, boolean journaled, boolean limited) {
        HttpResponse<byte[]> answer =
                exchange(HttpRequest.newBuilder(centers.getFirst().http().resolve("/admin/v1/products"))
                        .header("Authorization", authorization)
                        .POST(BodyPublishers.ofByteArray(Json.bytes(body)))
                        .build());
        JsonNode made = Json.parse(answer.body());
        if (answer.statusCode() != CREATED) {
            throw new IllegalStateException("cannot make product " + product + ": " + made);
        }
        Tenant tenant = new Tenant(
                product,
                made.path("api_secret").asText(),
                made.path("client_secret").asText(),
                journaled,
                limited);
        centers.forEach(center -> await(center + " to know " + tenant, () -> knows(center, tenant)));
        rooms.forEach(room -> await(room + " to know " + tenant, () -> binds(room, tenant)));
        return tenant;
    }

    /** Changes settings of a product, as {@code PATCH} takes them; services take them within a moment. */
    public void change(Tenant tenant, ObjectNode settings) {
        HttpResponse<byte[]> answer = exchange(
                HttpRequest.newBuilder(centers.getFirst().http().resolve("/admin/v1/products/" + tenant.product()))
                        .header("Authorization", authorization)
                        .method("PATCH", BodyPublishers.ofByteArray(Json.bytes(settings)))
                        .build());
        if (answer.statusCode() != OK) {
            throw new IllegalStateException("cannot change " + tenant + ": " + Json.parse(answer.body()));
        }
    }

    private boolean knows(Place center, Tenant tenant) {
        HttpRequest request = HttpRequest.newBuilder(center.http().resolve("/v1/users/nobody"))
                .header("Authorization", tenant.authorization())
                .build();
        return exchange(request).statusCode() != UNAUTHENTICATED;
    }

    private static boolean binds(Place room, Tenant tenant) {
        EndpointId probe = new EndpointId(tenant.product(), "probe", "probe");
        CompletableFuture<Boolean> bound = new CompletableFuture<>();
        RawLink.Ear ear = new RawLink.Ear() {
            @Override
            public void heard(Heard frame) {
                bound.complete(frame instanceof Heard.Welcome);
            }

            @Override
            public void ended(String how) {
                bound.complete(false);
            }
        };
        try {
            RawLink link = NativeRawLink.open(room.address(), ear);
            link.hello(60, List.of(new Wish(1, probe, tenant.token(probe), 0)));
            boolean known = bound.get(5, TimeUnit.SECONDS);
            link.drop();
            return known;
        } catch (IOException | ExecutionException | TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static void await(String what, BooleanSupplier condition) {
        long until = System.nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > until) {
                throw new IllegalStateException("waited " + LIMIT.toSeconds() + " s for " + what);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
    }

    private HttpResponse<byte[]> exchange(HttpRequest request) {
        try {
            return http.send(request, BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
