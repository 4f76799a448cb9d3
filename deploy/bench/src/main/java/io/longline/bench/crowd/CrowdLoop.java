package io.longline.bench.crowd;

import io.longline.v1.ClientFrame;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** The event loop of a crowd, and its links. All is done on the loop's thread but {@link #call}. */
final class CrowdLoop {
    private static final int BUFFER_BYTES = 2 * 1024 * 1024;
    /** How an SDK waits, with the settings of a fresh product: anything up to this, doubled with each attempt. */
    private static final long BACK_OFF_MS = 1_000;

    private static final int DOUBLED_AT_MOST = 6;

    private final IoEventLoop loop;
    private final Wire wire;
    private final List<InetSocketAddress> rooms;
    private final IntFunction<ClientFrame> makeHello;
    private final Map<Integer, byte[]> hellos = new HashMap<>();
    private final ByteBuffer in = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final ByteBuffer out = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final Map<Integer, CrowdLink> links = new HashMap<>();
    private final CrowdComings comings = new CrowdComings(this);
    private final Random random = new Random();
    private CrowdCounts counts = new CrowdCounts();
    private final CrowdHabits habits;
    private int bound;
    private int following;
    private boolean acks;
    private boolean comesBack;
    private @Nullable String problem;

    /** @param makeHello what the client of this index says first, each time: its token comes from elsewhere and is kept */
    CrowdLoop(IoEventLoop loop, Wire wire, List<InetSocketAddress> rooms, IntFunction<ClientFrame> makeHello) {
        this.loop = loop;
        this.wire = wire;
        this.rooms = List.copyOf(rooms);
        this.makeHello = makeHello;
        this.habits = new CrowdHabits(loop, this);
    }

    /** Does something on the loop, and answers what came of it. */
    <T> T call(Supplier<T> task) {
        return CompletableFuture.supplyAsync(task, loop).join();
    }

    // ---- what links ask for and tell ----

    Wire wire() {
        return wire;
    }

    byte[] hello(int index) {
        return hellos.computeIfAbsent(index, each -> wire.bytes(makeHello.apply(each)));
    }

    ByteBuffer in() {
        return in.clear();
    }

    ByteBuffer out() {
        return out.clear();
    }

    CrowdCounts counts() {
        return counts;
    }

    boolean acks() {
        return acks;
    }

    /** A link has its session, or has it no more. */
    void bound(boolean is) {
        bound += is ? 1 : -1;
    }

    /** A client was told that it follows a topic. */
    void follows() {
        following++;
    }

    void failed(String what) {
        problem = problem == null ? what : problem;
    }

    /**
     * The other side ended a link, or it broke. Who was never bound tries on, whoever was only if it is told to.
     *
     * @param retryAfterMs what the other side asked for
     */
    void lost(CrowdLink link, long retryAfterMs) {
        counts.sawClose();
        if (links.get(link.client().index()) != link) {
            return; // it has another one
        }
        link.client().lost();
        link.client().failed();
        if (comesBack || !link.wasBound()) {
            comeBack(link.client(), retryAfterMs);
        }
    }

    private void comeBack(Client client, long retryAfterMs) {
        long most = BACK_OFF_MS << Math.min(client.nextAttempt(), DOUBLED_AT_MOST);
        later(client, retryAfterMs + random.nextLong(most), () -> connect(client.next(random, rooms.size()), client));
    }

    /** Unless something else has become of the client meanwhile, or the crowd has ended. */
    private void later(Client client, long afterMs, Runnable task) {
        int turn = client.nextTurn();
        var _ = loop.schedule(
                () -> {
                    if (client.turn() == turn) {
                        task.run();
                    }
                },
                afterMs,
                TimeUnit.MILLISECONDS);
    }

    // ---- what the crowd asks for ----

    /** Begins to connect the client of this index, to the room of that index. */
    void begin(int index, int room) {
        Client client = new Client(index);
        comings.know(client);
        connect(room, client);
    }

    CrowdHabits habits() {
        return habits;
    }

    /** In the order in which they are to have their turn. */
    List<CrowdLink> boundLinks() {
        List<CrowdLink> all = new ArrayList<>(
                links.values().stream().filter(CrowdLink::isBound).toList());
        Collections.shuffle(all, random);
        return all;
    }

    /** A client's own wish: it comes back at its room. */
    void drop(CrowdLink link, long awayMs) {
        Client client = link.client();
        link.close();
        client.lost();
        later(client, awayMs, () -> connect(client.room(), client));
    }

    CrowdComings comings() {
        return comings;
    }

    @Nullable
    CrowdLink link(Client client) {
        return links.get(client.index());
    }

    /** At a room that it was not lost by lately. */
    void connect(Client client) {
        connect(client.next(random, rooms.size()), client);
    }

    /** Does something on the loop later. */
    void schedule(Runnable task, long afterMs) {
        var _ = loop.schedule(task, afterMs, TimeUnit.MILLISECONDS);
    }

    private void connect(int room, Client client) {
        client.nextTurn();
        client.goesTo(room);
        try {
            Socket socket = Socket.newSocketStream();
            CrowdLink link = new CrowdLink(this, socket, client);
            links.put(client.index(), link);
            comings.began(link);
            socket.connect(rooms.get(room));
            var _ = loop.register(link).addListener(registered -> {
                if (registered.isSuccess()) {
                    link.register((IoRegistration) registered.getNow());
                }
            });
        } catch (IOException e) {
            failed("client " + client.index() + " cannot connect: " + e);
            client.lost();
            client.failed();
            comeBack(client, 0);
        }
    }

    CrowdCounts takeCounts() {
        CrowdCounts taken = counts;
        counts = new CrowdCounts();
        return taken;
    }

    int bound() {
        return bound;
    }

    /** How often clients were told that they follow a topic. */
    int following() {
        return following;
    }

    /** Clients that lost their link and have not caught up on another one. */
    int away() {
        return (int)
                links.values().stream().filter(link -> link.client().isAway()).count();
    }

    @Nullable
    String problem() {
        return problem;
    }

    void acks(boolean does) {
        acks = does;
    }

    /** Whether clients connect anew, to any room, when they lose their link. */
    void comesBack(boolean does) {
        comesBack = does;
    }

    /** So many of the links stop reading, all others read. */
    void stall(int count) {
        int stalled = 0;
        for (CrowdLink link : links.values()) {
            link.reading(stalled++ >= count);
        }
    }

    /** How many messages of a run have not come. */
    long missing(ToIntFunction<Client> got, ToLongFunction<Integer> expected) {
        return links.values().stream()
                .map(CrowdLink::client)
                .mapToLong(client -> expected.applyAsLong(client.index()) - got.applyAsInt(client))
                .sum();
    }

    /** Ends all links. */
    void close() {
        habits.drop(0, 0);
        habits.ping(0);
        habits.send(0, Sending.OPEN, 0, 0);
        habits.comeAndGo(0);
        links.values().forEach(CrowdLink::close);
        links.clear();
        comings.close();
        following = 0;
    }
}
