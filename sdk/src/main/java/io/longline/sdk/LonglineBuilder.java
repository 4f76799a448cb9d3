package io.longline.sdk;

import io.longline.sdk.state.MemoryStateStore;
import io.longline.sdk.state.StateStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import javax.net.SocketFactory;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * What a client needs to know: at least a dispatcher, a product, a user, where tokens come from, and who gets the messages.
 */
public final class LonglineBuilder {
    final List<String> dispatchers = new ArrayList<>();
    final List<Session.Endpoint> others = new ArrayList<>();
    String product = "";
    String user = "";

    @Nullable
    Supplier<String> token;

    @Nullable
    String device;

    StateStore stateStore = new MemoryStateStore();

    @Nullable
    MessageListener listener;

    @Nullable
    PullHook pullHook;

    ConnectionListener connectionListener = new ConnectionListener() {};
    int heartbeatSeconds;
    SocketFactory socketFactory = SocketFactory.getDefault();

    @Nullable
    SSLSocketFactory sslSocketFactory;

    LongSupplier clockMs = () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    LongSupplier wallClockMs = System::currentTimeMillis;
    Random random = new Random();

    LonglineBuilder() {}

    /** Base address of a dispatcher, {@code http://HOST:PORT}. Called several times: the later ones are asked where the earlier do not answer. */
    public LonglineBuilder dispatcher(String url) {
        if (!url.startsWith("http://") && !url.startsWith("https://")) {
            throw new IllegalArgumentException("dispatcher is \"" + url + "\", expected http://HOST:PORT");
        }
        dispatchers.add(url.endsWith("/") ? url.substring(0, url.length() - 1) : url);
        return this;
    }

    /** The product whose messages are wanted. */
    public LonglineBuilder product(String id) {
        product = id;
        return this;
    }

    /** The user whose messages are wanted. */
    public LonglineBuilder user(String id) {
        user = id;
        return this;
    }

    /** This installation of the app; left out, it is {@code default}, or what the token says. */
    public LonglineBuilder device(String id) {
        device = id;
        return this;
    }

    /**
     * Where the client token comes from. Asked before each connection, and once more when a token was refused, so it should give a kept
     * token while that is good and a new one afterwards. It may take its time; where it throws the client waits and asks again.
     */
    public LonglineBuilder token(Supplier<String> supplier) {
        token = supplier;
        return this;
    }

    /** A further endpoint on the same connection, such as another product on this device. May be called several times. */
    public LonglineBuilder also(String otherProduct, String otherUser, Supplier<String> otherToken) {
        others.add(new Session.Endpoint(otherProduct, otherUser, otherToken));
        return this;
    }

    /** What outlives the app; by default nothing does ({@link MemoryStateStore}). */
    public LonglineBuilder stateStore(StateStore store) {
        stateStore = store;
        return this;
    }

    /** Who gets the messages. */
    public LonglineBuilder listener(MessageListener messages) {
        listener = messages;
        return this;
    }

    /** Who pulls what messages without payload are about; by default the listener gets such a message as any other. */
    public LonglineBuilder pullHook(PullHook hook) {
        pullHook = hook;
        return this;
    }

    /** Who hears what happens to the connection; by default nobody does. */
    public LonglineBuilder connectionListener(ConnectionListener events) {
        connectionListener = events;
        return this;
    }

    /** The heartbeat to wish for, in seconds; by default what the dispatcher proposes. The room has the last word. */
    public LonglineBuilder heartbeatSeconds(int seconds) {
        heartbeatSeconds = seconds;
        return this;
    }

    /** Where sockets come from, for apps that choose the network. */
    public LonglineBuilder socketFactory(SocketFactory factory) {
        socketFactory = factory;
        return this;
    }

    /** What secures them where a room's address says so; by default the platform's trust store decides. */
    public LonglineBuilder sslSocketFactory(SSLSocketFactory factory) {
        sslSocketFactory = factory;
        return this;
    }

    LonglineBuilder clock(LongSupplier monotonicMs) {
        clockMs = monotonicMs;
        return this;
    }

    LonglineBuilder wallClock(LongSupplier ms) {
        wallClockMs = ms;
        return this;
    }

    LonglineBuilder random(Random source) {
        random = source;
        return this;
    }

    /** A client that does nothing yet. Throws an {@link IllegalStateException} that names all that is missing. */
    public LonglineClient build() {
        List<String> missing = new ArrayList<>();
        if (dispatchers.isEmpty()) {
            missing.add("dispatcher");
        }
        if (product.isEmpty()) {
            missing.add("product");
        }
        if (user.isEmpty()) {
            missing.add("user");
        }
        if (token == null) {
            missing.add("token");
        }
        if (listener == null) {
            missing.add("listener");
        }
        if (!missing.isEmpty() || token == null || listener == null) {
            throw new IllegalStateException("a client needs " + String.join(", ", missing));
        }
        List<Session.Endpoint> endpoints = new ArrayList<>();
        endpoints.add(new Session.Endpoint(product, user, token));
        endpoints.addAll(others);
        Pulls pulls = new Pulls(this, listener, pullHook);
        return new LonglineClient(this, endpoints, new Delivery(pulls, connectionListener));
    }
}
