package io.longline.deploy.check.run;

import io.longline.deploy.check.Checker;
import io.longline.deploy.check.client.Acking;
import io.longline.deploy.check.client.BackEnd;
import io.longline.deploy.check.client.BroadcastBackEnd;
import io.longline.deploy.check.client.CallBackEnd;
import io.longline.deploy.check.client.Centers;
import io.longline.deploy.check.client.Hook;
import io.longline.deploy.check.client.KickBackEnd;
import io.longline.deploy.check.client.Phone;
import io.longline.deploy.check.client.SdkPhone;
import io.longline.deploy.check.client.Tally;
import io.longline.deploy.check.client.TopicBackEnd;
import io.longline.deploy.check.client.Vandal;
import io.longline.deploy.check.history.EndpointId;
import io.longline.deploy.check.history.History;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Back ends and clients that do what a seed says, as far as timing allows: the same seed gives the same operations in the same
 * order, but not the same answers, and what would be one too many under way for its product is left out. One thread operates.
 */
public final class RandomRun implements AutoCloseable {
    private static final String OTHERS = "";
    private static final int MOST_OPEN = 30_000;
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
    private final Centers centers;
    private final Random random;
    private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(
            2, Thread.ofPlatform().daemon().name("run-timer-", 0).factory());
    private final Requests requests = new Requests(timer);
    private final Senders senders;
    private final TopicSenders topics;
    private final BroadcastSenders broadcasts;
    private final CallSenders calls;
    private final Future<?> ticking;

    public RandomRun(long seed, RunSize size, Target target, History history, Checker checker, Tally tally) {
        this.seed = seed;
        this.size = size;
        this.target = target;
        this.history = history;
        this.checker = checker;
        this.tally = tally;
        this.random = new Random(seed);
        this.world = new World(seed, size.users(), target, history);
        this.centers = new Centers(target.centers(), target.tenantsById());
        Letters letters = new Letters(seed, world, history);
        int count = target.centers().size();
        this.senders = new Senders(
                world, letters, new BackEnd(history, tally, centers), requests, history, checker, tally, count);
        this.topics =
                new TopicSenders(world, letters, new TopicBackEnd(history, tally, centers), requests, tally, count);
        this.broadcasts = new BroadcastSenders(
                world, letters, new BroadcastBackEnd(history, tally, centers), requests, tally, count);
        this.calls = new CallSenders(
                world,
                letters,
                new CallBackEnd(history, tally, centers),
                new KickBackEnd(history, tally, centers),
                new Hook(history, tally, new Random(seed)),
                requests,
                tally,
                count);
        calls.begin();
        ticking = timer.scheduleWithFixedDelay(world::tick, 0, 500, TimeUnit.MILLISECONDS);
        for (Phone phone : world.owners()) {
            if (random.nextInt(3) > 0) {
                phone.wantAll();
            }
        }
        world.sdkPhones().forEach(SdkPhone::want);
        topics.begin();
    }

    World world() {
        return world;
    }

    Senders senders() {
        return senders;
    }

    BroadcastSenders broadcasts() {
        return broadcasts;
    }

    CallSenders calls() {
        return calls;
    }

    /** Until every back end has its answers. */
    void awaitRequests() {
        requests.awaitAll();
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
            if (++done % size.perSecond() == 0) {
                senders.lookAtDue();
                broadcasts.lookAtOpen();
                calls.lookAtPresence();
            }
            if (done % TOLD_EACH == 0) {
                progress.accept(done + " of " + size.operations() + " operations");
            }
            next += between;
            LockSupport.parkNanos(next - System.nanoTime());
        }
    }

    /** False: it was not done, as too much is under way. */
    private boolean operation(Random dice) {
        int kind = dice.nextInt(1_000);
        boolean mayOpen = checker.open() < MOST_OPEN;
        if (kind < 435 && mayOpen) {
            return senders.one(dice);
        } else if (kind < 485) {
            return call(kind - 435, dice);
        } else if (kind < 489 && mayOpen) {
            return broadcasts.begin(dice);
        } else if (kind < 505) {
            return broadcasts.again(dice);
        } else if (kind < 510 && !world.newcomers().isEmpty()) {
            return newcomer(any(world.newcomers(), dice), dice);
        } else if (kind < 550 && mayOpen) {
            return dice.nextInt(6) == 0 ? topics.again(dice) : topics.send(dice);
        } else if (kind < 560 && mayOpen) {
            return senders.list(dice);
        } else if (kind < 575 && mayOpen) {
            return senders.batch(dice);
        } else if (kind < 605 && mayOpen && !world.limited().isEmpty()) {
            return senders.limited(dice);
        } else if (kind < 611) {
            return senders.forget(dice);
        } else if (kind < 613 && mayOpen) {
            return senders.job(dice);
        } else if (kind < 623) {
            return topics.wish(dice);
        } else if (kind < 760) {
            return senders.again(dice);
        } else if (kind < 980) {
            return client(dice);
        } else {
            return vandal(dice);
        }
    }

    /** @param kind below 50 */
    private boolean call(int kind, Random dice) {
        if (kind < 34) {
            return calls.uplink(dice);
        } else if (kind < 46) {
            return calls.pull(dice);
        } else {
            return kind < 49 ? calls.kick(dice) : calls.kickMany(dice);
        }
    }

    // ---- clients ----

    private boolean client(Random dice) {
        Phone phone = any(dice.nextInt(5) == 0 && !world.thieves().isEmpty() ? world.thieves() : world.owners(), dice);
        EndpointId endpoint = any(phone.endpoints(), dice);
        int kind = dice.nextInt(28);
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
            case 23, 24, 25 -> topics.wish(phone, endpoint, dice);
            default -> {
                SdkPhone sdk = world.sdkPhones().isEmpty() ? null : any(world.sdkPhones(), dice);
                return sdk == null || app(sdk, kind, dice);
            }
        }
        return true;
    }

    /** Most of them come once and stay. */
    private boolean newcomer(Phone phone, Random dice) {
        tally.count("client operations");
        switch (dice.nextInt(8)) {
            case 0 -> phone.drop(dice.nextInt(3_000));
            case 1 -> phone.rest();
            case 2 -> phone.unbind(phone.endpoints().getFirst(), dice.nextInt(3) == 0);
            case 3 -> phone.forgetItself();
            default -> phone.wantAll();
        }
        return true;
    }

    private boolean app(SdkPhone sdk, int kind, Random dice) {
        if (kind == 26) {
            topics.wish(sdk, dice);
            return true;
        }
        return requests.submit(OTHERS, 0, sdk::restart);
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
        return requests.submit(OTHERS, 0, () -> new Vandal(history, tally, user.tenant()).visit(place, victim, own));
    }

    private static <T> T any(List<T> list, Random dice) {
        return list.get(dice.nextInt(list.size()));
    }

    @Override
    public void close() {
        ticking.cancel(false);
        timer.shutdownNow();
        world.close();
        requests.close();
        calls.close();
        centers.close();
    }
}
