package io.longline.dispatcher.dispatch;

import io.longline.dispatcher.dispatch.AddressList.Address;
import io.longline.frames.json.DispatchAnswers;
import io.longline.keeper.http.HttpRequest;
import io.longline.keeper.http.HttpResponse;
import io.longline.keeper.product.Heartbeats;
import io.longline.v1.Backoff;
import io.longline.v1.DispatchAnswer;
import io.longline.v1.Heartbeat;
import io.longline.v1.RoomAddress;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;

/** {@code GET /v1/dispatch}, answered in JSON or, where Accept asks for it, the same in protobuf. */
public final class DispatchHttp {
    private static final int OK = 200;
    private static final String PROTOBUF = "application/x-protobuf";

    private final DispatchFlow flow;
    private final Supplier<DispatchConfig> config;
    private final InstantSource clock;

    /** @param config as it is now */
    public DispatchHttp(DispatchFlow flow, Supplier<DispatchConfig> config, InstantSource clock) {
        this.flow = flow;
        this.config = config;
        this.clock = clock;
    }

    public HttpResponse dispatch(HttpRequest request) {
        DispatchConfig now = config.get();
        Optional<InetAddress> caller =
                Callers.of(request.remoteAddress(), request.header("X-Forwarded-For"), now.proxies());
        DispatchAnswer answer = answer(flow.answer(DispatchQuestion.of(request), caller), now);
        boolean protobuf = request.header("Accept").orElse("").contains(PROTOBUF);
        HttpResponse response = protobuf
                ? HttpResponse.of(OK, PROTOBUF, answer.toByteArray())
                : HttpResponse.of(OK, "application/json", json(answer));
        // The answer is one user's, and its cache_ttl_s is for the client, not for proxies.
        return response.header("Cache-Control", "no-store").header("Vary", "Accept");
    }

    private DispatchAnswer answer(DispatchFlow.Dispatched dispatched, DispatchConfig now) {
        return DispatchAnswer.newBuilder()
                .addAllRooms(dispatched.rooms().stream().map(DispatchHttp::room).toList())
                .setCacheTtlS((int) now.cacheTtl().toSeconds())
                .setHeartbeat(heartbeat(dispatched.heartbeat()))
                .setBackoff(backoff(now))
                .setServerTimeMs(clock.millis())
                .build();
    }

    private static RoomAddress room(Address address) {
        return RoomAddress.newBuilder()
                .setId(address.room().instance())
                .setHost(address.at().host())
                .setPort(address.at().port())
                .setTls(address.at().tls())
                .setTlsName(address.at().tlsName())
                .setRegion(address.region())
                .setWeight(address.room().weight())
                .build();
    }

    private static Heartbeat heartbeat(Heartbeats heartbeats) {
        return Heartbeat.newBuilder()
                .setIntervalS(heartbeats.intervalS())
                .setMinS(heartbeats.minS())
                .setMaxS(heartbeats.maxS())
                .build();
    }

    private static Backoff backoff(DispatchConfig now) {
        return Backoff.newBuilder()
                .setBaseMs((int) now.backoffBase().toMillis())
                .setMaxMs((int) now.backoffMost().toMillis())
                .setFactor(DispatchConfig.BACKOFF_FACTOR)
                .setJitter(DispatchConfig.BACKOFF_JITTER)
                .build();
    }

    private static byte[] json(DispatchAnswer answer) {
        ByteBuffer encoded = DispatchAnswers.encode(answer);
        byte[] json = new byte[encoded.remaining()];
        encoded.get(json);
        return json;
    }
}
