package io.longline.sdk;

import io.longline.frames.CloseCode;
import io.longline.sdk.dispatch.Backoff;
import io.longline.sdk.dispatch.DispatchClient;
import io.longline.sdk.dispatch.DispatchRefused;
import io.longline.sdk.dispatch.RoomList;
import io.longline.sdk.link.Connector;
import io.longline.sdk.link.FactoryFailed;
import io.longline.sdk.link.Link;
import io.longline.v1.Hello;
import io.longline.v1.RoomAddress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A client of Longline. Once started it stays connected by itself: it finds a room, comes back after every loss with a growing, random
 * wait, and stops only when it is closed or when the room says that the app has to act ({@link ConnectionListener#onClosed} with
 * {@code comesBack} false). It is started once; after an end the app builds another.
 */
public final class LonglineClient implements AutoCloseable {
    private static final String SDK = "longline-java";
    private static final long CLOSE_MS = 5_000;

    /** A link that lived so long was a good one; the next wait is a first one again. */
    private static final long PROVEN_MS = 10_000;

    /** A close code from here on is about us, not about the room, which is as good as any other. */
    private static final int FIRST_ABOUT_US = 3500;

    private final Delivery delivery;
    private final List<Session> sessions = new ArrayList<>();
    private final Backoff backoff;
    private final RoomList rooms;
    private final Connector connector;
    private final LongSupplier clockMs;
    private final @Nullable String device;
    private final int heartbeatS;
    private final Thread thread = new Thread(this::run, "longline-link");
    private final Object lock = new Object();
    private boolean started;
    private boolean welcomed;
    private volatile boolean closing;
    private volatile @Nullable Connection connection;

    LonglineClient(LonglineBuilder builder, List<Session.Endpoint> endpoints, Delivery delivery) {
        this.delivery = delivery;
        this.device = builder.device;
        this.heartbeatS = builder.heartbeatSeconds;
        this.clockMs = builder.clockMs;
        for (Session.Endpoint endpoint : endpoints) {
            Session session = new Session(sessions.size() + 1, endpoint, device, builder.stateStore);
            session.topics().onWish(this::writeWishes);
            session.uplinks().onWish(this::writeWishes);
            sessions.add(session);
        }
        this.backoff = new Backoff(builder.random);
        this.rooms = new RoomList(
                new DispatchClient(builder.dispatchers, builder.product, builder.user, device), backoff, clockMs);
        this.connector = new Connector(builder.socketFactory, builder.sslSocketFactory, clockMs);
        thread.setDaemon(true);
    }

    /** The beginning of a client. */
    public static LonglineBuilder builder() {
        return new LonglineBuilder();
    }

    /** The topics of the endpoint that the client was built with. */
    public Topics topics() {
        return sessions.get(0).topics();
    }

    /** The topics of one of its endpoints. Throws an {@link IllegalArgumentException} where the client has none of this product and user. */
    public Topics topics(String product, String user) {
        return session(product, user).topics();
    }

    /** What the endpoint that the client was built with sends to its back end. */
    public Uplinks uplinks() {
        return sessions.get(0).uplinks();
    }

    /** What one of its endpoints sends. Throws as {@link #topics(String, String)} does. */
    public Uplinks uplinks(String product, String user) {
        return session(product, user).uplinks();
    }

    /** {@link Uplinks#send(String, String)} of the endpoint that the client was built with. */
    public CompletableFuture<Void> send(String type, String text) {
        return uplinks().send(type, text);
    }

    /** {@link Uplinks#request} of the endpoint that the client was built with. */
    public CompletableFuture<Message> request(String type, String text, long timeoutMs) {
        return uplinks().request(type, text, timeoutMs);
    }

    /**
     * Asks which of these users of its product are online, where the product allows that, at most once a minute. While there is no link, it is asked on
     * the next one.
     *
     * @param users 1 to 500
     * @return of each, in their order; fails with {@link PresenceRefused}, or with {@link java.util.concurrent.TimeoutException} after so long
     */
    public CompletableFuture<List<UserPresence>> presence(List<String> users, long timeoutMs) {
        return presence(sessions.get(0), users, timeoutMs);
    }

    /** As one of its endpoints. Throws as {@link #topics(String, String)} does. */
    public CompletableFuture<List<UserPresence>> presence(
            String product, String user, List<String> users, long timeoutMs) {
        return presence(session(product, user), users, timeoutMs);
    }

    private CompletableFuture<List<UserPresence>> presence(Session session, List<String> users, long timeoutMs) {
        CompletableFuture<List<UserPresence>> answer = session.presence().ask(users);
        if (!answer.isDone()) {
            session.uplinks().limit(answer, "nobody said who is online", timeoutMs);
            writeWishes();
        }
        return answer;
    }

    private Session session(String product, String user) {
        for (Session session : sessions) {
            if (session.product().equals(product) && session.user().equals(user)) {
                return session;
            }
        }
        throw new IllegalArgumentException("the client has no endpoint of user " + user + " of product " + product);
    }

    /** Reads the state store and begins to connect; returns at once. */
    public void start() {
        synchronized (lock) {
            if (started || closing) {
                throw new IllegalStateException("a client is started once");
            }
            started = true;
        }
        sessions.forEach(Session::load);
        sessions.forEach(session -> session.restore(delivery.pulls()));
        delivery.start();
        thread.start();
    }

    /**
     * Ends the connection: gives the message that is being handled 5 s, acknowledges what is finished with, and calls no listener from
     * then on. May be called from a listener. Not to be undone.
     */
    @Override
    public void close() {
        synchronized (lock) {
            closing = true;
            lock.notifyAll();
        }
        delivery.close();
        Connection present = connection;
        if (present != null) {
            present.close();
        }
        if (!Thread.currentThread().equals(thread)) {
            try {
                thread.join(CLOSE_MS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        sessions.forEach(Session::endAsking);
    }

    private void run() {
        try {
            int tries = 0;
            boolean comesBack = true;
            while (comesBack && !closing) {
                long begunMs = clockMs.getAsLong();
                welcomed = false;
                Ending ending = tryOnce();
                boolean proven = welcomed && clockMs.getAsLong() - begunMs >= PROVEN_MS;
                tries = proven ? 0 : tries;
                comesBack = ending.comesBack();
                tell(ending);
                if (comesBack) {
                    long waitMs = proven && ending.moves() ? 0 : ending.retryAfterMs() + backoff.waitMs(tries++);
                    pause(Math.max(waitMs, untilFirstBindMs()));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            sessions.forEach(Session::endAsking);
            delivery.finish();
        }
    }

    /** Dispatcher, tokens, connection, hello; returns when the link has ended, or there was none. */
    private Ending tryOnce() throws InterruptedException {
        RoomAddress room;
        try {
            room = rooms.next();
        } catch (DispatchRefused e) {
            return Ending.lost(String.valueOf(e.getMessage()), e.retryAfterMs());
        } catch (IOException e) {
            return Ending.lost("no dispatcher answers: " + e.getMessage(), 0);
        } catch (RuntimeException e) { // of the platform's HTTP, such as Android's where a permission is missing
            enqueue(() -> delivery.failed(e));
            return Ending.lost("no dispatcher can be asked", 0);
        }
        pause(rooms.waitMs());
        Hello hello = hello();
        if (hello.getBindCount() == 0) {
            rooms.notTried(room);
            return Ending.lost("no token", 0);
        }
        try (Link link = connector.connect(room)) {
            return run(link, room, hello);
        } catch (IOException e) {
            if (e instanceof FactoryFailed failed) {
                enqueue(() -> delivery.failed(failed.problem()));
            }
            rooms.failed(room);
            return Ending.lost("cannot connect to " + room.getHost() + ":" + room.getPort() + ": " + e.getMessage(), 0);
        }
    }

    private Ending run(Link link, RoomAddress room, Hello hello) throws InterruptedException {
        Connection present = new Connection(link, sessions, delivery, backoff, clockMs);
        connection = present;
        if (closing) {
            return Ending.lost("closing", 0);
        }
        Ending ending = present.run(hello);
        connection = null;
        welcomed = present.wasWelcomed();
        boolean answered = welcomed || ending.code() >= FIRST_ABOUT_US;
        if (answered) {
            rooms.worked(room);
        }
        if (!answered
                || ending.moves()
                || ending.code() == CloseCode.GOING_AWAY.number()
                || ending.code() == CloseCode.OVERLOADED.number()) {
            rooms.failed(room);
        }
        if (ending.moves()) {
            rooms.redirect(ending.moveTo());
        }
        return ending;
    }

    /** Binds those that may be bound now and have a token. */
    private Hello hello() throws InterruptedException {
        Hello.Builder hello = Hello.newBuilder().setSdk(SDK);
        if (device != null) {
            hello.setDevice(device);
        }
        String os = System.getProperty("os.name");
        if (os != null) {
            hello.setOs(os);
        }
        int heartbeat = heartbeatS > 0 ? heartbeatS : rooms.heartbeatS();
        if (heartbeat > 0) {
            hello.setHeartbeatS(heartbeat);
        }
        long now = clockMs.getAsLong();
        for (Session session : sessions) {
            if (!session.hasEnded() && session.waitMs(now) == 0) {
                addBind(hello, session);
            }
        }
        return hello.build();
    }

    private void addBind(Hello.Builder hello, Session session) throws InterruptedException {
        try {
            hello.addBind(session.bind());
        } catch (Throwable e) { // the app's
            enqueue(() -> delivery.failed(e));
            session.bindAgainAt(clockMs.getAsLong() + backoff.waitMs(session.refused()));
        }
    }

    /** How long there is no endpoint to bind, because all are to stay away. */
    private long untilFirstBindMs() {
        long now = clockMs.getAsLong();
        long first = Long.MAX_VALUE;
        for (Session session : sessions) {
            if (!session.hasEnded()) {
                first = Math.min(first, session.waitMs(now));
            }
        }
        return first;
    }

    private void tell(Ending ending) throws InterruptedException {
        enqueue(delivery.event(listener -> listener.onClosed(ending.code(), ending.reason(), ending.comesBack())));
    }

    private void enqueue(Runnable call) throws InterruptedException {
        boolean taken = false;
        while (!taken) {
            taken = delivery.offer(call, CLOSE_MS);
        }
    }

    /**
     * Has the app's thread tell the room what the app wants of topics, and its uplinks. The other one sleeps in its read and cannot be woken; the caller's may be one
     * that must not wait, or that Android keeps from the network. Where the queue is full, or there is no link, those two see to it soon.
     */
    private void writeWishes() {
        if (connection != null) {
            delivery.offer(() -> {
                Connection present = connection;
                if (present != null) {
                    present.writeDue();
                }
            });
        }
    }

    private void pause(long ms) throws InterruptedException {
        long untilMs = clockMs.getAsLong() + ms;
        synchronized (lock) {
            for (long left = ms; left > 0 && !closing; left = untilMs - clockMs.getAsLong()) {
                lock.wait(left);
            }
        }
    }
}
