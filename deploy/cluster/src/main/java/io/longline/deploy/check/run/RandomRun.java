package io.longline.deploy.check.run;

import io.longline.deploy.check.Checker;
import io.longline.deploy.check.client.Acking;
import io.longline.deploy.check.client.BackEnd;
import io.longline.deploy.check.client.Phone;
import io.longline.deploy.check.client.SdkPhone;
import io.longline.deploy.check.client.Tally;
import io.longline.deploy.check.client.Tenant;
import io.longline.deploy.check.client.Vandal;
import io.longline.deploy.check.history.EndpointId;
import io.longline.deploy.check.history.History;
import io.longline.deploy.check.history.Sending;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Back ends and clients that do what a seed says, as far as timing allows: the same seed gives the same operations in the same
 * order, but not the same answers, and what would be one too many under way for its product is left out. One thread operates.
 */
public final class RandomRun implements AutoCloseable {
    /** Requests of one product: more would only queue, and what waits for a stalled part does not hold up the others. */
    private static final int MOST_AT_ONCE = 200;

    private static final int MOST_OTHERS = 50;
    private static final int MOST_OPEN = 30_000;
    private static final int MOST_RECENT = 1_000;
    private static final int DEAF_S = 20;
    private static final int TOLD_EACH = 10_000;
    private static final long A_WHILE = TimeUnit.MILLISECONDS.toNanos(2);

    private final long seed;
    private final RunSize size;
    private final Target target;
    private final History history;
    private final Checker checker;
    private final Tally tally;
    private final World world;
    private final BackEnd backEnd;
    private final Random random;
    private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(
            2, Thread.ofPlatform().daemon().name("run-timer-", 0).factory());
    private final ExecutorService requests = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, Room> rooms;
    private final Room others = new Room(MOST_OTHERS);
    private final List<Sent> recent = new ArrayList<>();
    private final Future<?> ticking;
    private int number;

    /** Requests under way. */
    private final class Room {
        private final int most;
        private final Semaphore free;

        Room(int most) {
            this.most = most;
            this.free = new Semaphore(most);
        }

        /** False: too many are under way. */
        boolean submit(Runnable request) {
            boolean may = free.tryAcquire();
            if (may) {
                requests.execute(() -> {
                    try {
                        request.run();
                    } finally {
                        free.release();
                    }
                });
            }
            return may;
        }

        void submitLater(Runnable request) {
            while (!submit(request)) {
                LockSupport.parkNanos(A_WHILE);
            }
        }

        void awaitEmpty() {
            free.acquireUninterruptibly(most);
            free.release(most);
        }
    }

    /** A message that was answered with success. */
    private record Sent(Sending send, String id, int size) {}

    public RandomRun(long seed, RunSize size, Target target, History history, Checker checker, Tally tally) {
        this.seed = seed;
        this.size = size;
        this.target = target;
        this.history = history;
        this.checker = checker;
        this.tally = tally;
        this.random = new Random(seed);
        this.world = new World(seed, size.users(), target, history);
        this.rooms = target.tenants().stream()
                .collect(Collectors.toUnmodifiableMap(Tenant::product, tenant -> new Room(MOST_AT_ONCE)));
        this.backEnd = new BackEnd(history, tally, target.centers(), target.tenantsById());
        ticking = timer.scheduleWithFixedDelay(world::tick, 0, 500, TimeUnit.MILLISECONDS);
        for (Phone phone : world.owners()) {
            if (random.nextInt(3) > 0) {
                phone.wantAll();
            }
        }
        world.sdkPhones().forEach(SdkPhone::want);
    }

    World world() {
        return world;
    }

    /**
     * All operations of the size, spread over at least this time.
     *
     * @param progress is told how far it is
     */
    public void operate(Duration atLeast, Consumer<String> progress) {
        long between = Math.max(TimeUnit.SECONDS.toNanos(1) / size.perSecond(), atLeast.toNanos() / size.operations());
        long next = System.nanoTime();
        int done = 0;
        for (long i = 0; done < size.operations(); i++) {
            if (!operation(new Random(seed * 1_000_003 + i))) {
                LockSupport.parkNanos(A_WHILE);
                continue;
            }
            if (++done % TOLD_EACH == 0) {
                progress.accept(done + " of " + size.operations() + " operations");
            }
            next += between;
            LockSupport.parkNanos(next - System.nanoTime());
        }
    }

    /** False: it was not done, as too much is under way. */
    private boolean operation(Random dice) {
        int kind = dice.nextInt(100);
        if (kind < 64 && checker.open() < MOST_OPEN) {
            return send(dice);
        } else if (kind < 78) {
            return again(dice);
        } else if (kind < 98) {
            return client(dice);
        } else {
            return vandal(dice);
        }
    }

    // ---- back ends ----

    private boolean send(Random dice) {
        World.User user = any(world.users(), dice);
        String device = dice.nextInt(4) == 0 ? any(user.endpoints(), dice).device() : null;
        String id = dice.nextInt(7) == 0 ? null : "m" + number + "-" + Long.toString(seed, 36);
        String key = dice.nextInt(12) == 0 ? "k" + dice.nextInt(3) : null;
        Sending send = new Sending(
                number,
                user.tenant().product(),
                user.name(),
                device,
                id,
                dice.nextInt(25) == 0 ? 0 : 1,
                ttl(dice),
                key,
                user.tenant().journaled());
        int center = dice.nextInt(target.centers().size());
        int length = 80 + dice.nextInt(500);
        boolean may = room(send)
                .submit(() -> backEnd.send(send, center, length)
                        .ifPresent(sentId -> sent(new Sent(send, sentId, length))));
        if (may) {
            number++;
            tally.count("sends");
        }
        return may;
    }

    private Room room(Sending send) {
        return Objects.requireNonNull(rooms.get(send.product()));
    }

    private static Duration ttl(Random dice) {
        return switch (dice.nextInt(20)) {
            case 0 -> Duration.ZERO;
            case 1 -> Duration.ofSeconds(2);
            case 2 -> Duration.ofSeconds(15);
            default -> Duration.ofDays(1);
        };
    }

    private synchronized void sent(Sent sent) {
        if (recent.size() < MOST_RECENT) {
            recent.add(sent);
        } else {
            recent.set(Math.floorMod(sent.send.number(), MOST_RECENT), sent);
        }
    }

    private synchronized @Nullable Sent anySent(Random dice) {
        return recent.isEmpty() ? null : any(recent, dice);
    }

    private boolean again(Random dice) {
        Sent sent = anySent(dice);
        int center = dice.nextInt(target.centers().size());
        int kind = dice.nextInt(9);
        if (sent == null || sent.send.qos() == 0) {
            return true;
        }
        Room room = room(sent.send);
        if (kind < 5) {
            return room.submit(() -> backEnd.look(sent.send, sent.id, center));
        } else if (kind == 8) {
            return room.submit(() -> backEnd.recall(sent.send, sent.id, center));
        } else if (sent.send.messageId() == null) {
            return true;
        } else if (kind < 7) {
            return room.submit(() -> backEnd.repeat(sent.send, center, sent.size));
        } else {
            return room.submit(() -> backEnd.contradict(sent.send, center, sent.size));
        }
    }

    // ---- clients ----

    private boolean client(Random dice) {
        Phone phone = any(dice.nextInt(5) == 0 && !world.thieves().isEmpty() ? world.thieves() : world.owners(), dice);
        EndpointId endpoint = any(phone.endpoints(), dice);
        int kind = dice.nextInt(24);
        tally.count("client operations");
        switch (kind) {
            case 0, 1, 2, 3, 4 -> phone.want(endpoint);
            case 5, 6, 7, 8 -> phone.wantAll();
            case 9, 10, 11, 12 -> phone.drop(dice.nextInt(3_000));
            case 13 -> phone.goDeaf().ifPresent(end -> dropLater(end, 5 + dice.nextInt(DEAF_S)));
            case 14, 15 -> phone.unbind(endpoint, false);
            case 16 -> phone.unbind(endpoint, dice.nextInt(3) == 0);
            case 17 -> {
                phone.forgetItself();
                phone.drop(dice.nextInt(500));
            }
            case 18 -> phone.acking(dice.nextInt(3) == 0 ? Acking.NEVER : Acking.LATE);
            case 19, 20 -> phone.acking(Acking.BATCHED);
            case 21, 22 -> phone.acking(Acking.AT_ONCE);
            default -> {
                SdkPhone sdk = world.sdkPhones().isEmpty() ? null : any(world.sdkPhones(), dice);
                return sdk == null || others.submit(sdk::restart);
            }
        }
        return true;
    }

    private void dropLater(Runnable end, int seconds) {
        Future<?> later = timer.schedule(end, seconds, TimeUnit.SECONDS);
        if (later.isCancelled()) {
            end.run(); // the run is over
        }
    }

    private boolean vandal(Random dice) {
        World.User user = any(world.users(), dice);
        Random own = new Random(dice.nextLong());
        EndpointId victim = any(user.endpoints(), dice);
        var place = any(target.rooms(), dice);
        return others.submit(() -> new Vandal(history, tally, user.tenant()).visit(place, victim, own));
    }

    private static <T> T any(List<T> list, Random dice) {
        return list.get(dice.nextInt(list.size()));
    }

    // ---- the end ----

    /** Until every back end has its answers. */
    void awaitBackEnds() {
        rooms.values().forEach(Room::awaitEmpty);
        others.awaitEmpty();
    }

    /** Asks what became of messages, so that the checker sees their ends. */
    void lookAt(List<Checker.Owed> messages) {
        for (Checker.Owed owed : messages) {
            room(owed.send()).submitLater(() -> backEnd.look(owed.send(), owed.id(), owed.send().number()));
        }
        awaitBackEnds();
    }

    /** The same for those that were sent last. */
    void lookAtRecent() {
        List<Checker.Owed> all;
        synchronized (this) {
            all = recent.stream()
                    .filter(sent -> sent.send.isStored())
                    .map(sent -> new Checker.Owed(sent.send, sent.id))
                    .toList();
        }
        lookAt(all);
    }

    @Override
    public void close() {
        ticking.cancel(false);
        timer.shutdownNow();
        world.close();
        requests.shutdownNow();
        backEnd.close();
    }
}
