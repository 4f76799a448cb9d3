package io.longline.deploy.check.run;

import io.longline.deploy.check.client.BroadcastBackEnd;
import io.longline.deploy.check.client.BroadcastBackEnd.Taken;
import io.longline.deploy.check.client.Tally;
import io.longline.deploy.check.client.Tenant;
import io.longline.deploy.check.history.BroadcastSending;
import io.longline.deploy.check.history.BroadcastState;
import io.longline.deploy.check.history.BroadcastWish;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * What back ends do with broadcasts in a run. Of one topic one runs at a time, so few are open at once, and what rests is had go on soon. One
 * thread throws the dice.
 */
final class BroadcastSenders {
    private static final List<String> TOPICS = List.of("*", "*", "*urgent");
    private static final int MOST_OPEN = 8;
    private static final int MOST_RECENT = 50;
    private static final int MOST_PER_S = 60;

    /** At this rate whatever is left in the end is over soon. */
    private static final int LAST_PER_S = 500;

    /** When all is healed whatever goes on is done by then; each may have to be taken over from a center that died. */
    private static final Duration DONE_WITHIN = Duration.ofSeconds(150);

    /** What was ended or recalled has left its log and the rooms by then. */
    private static final Duration GONE_WITHIN = Duration.ofSeconds(16);

    private final Letters letters;
    private final List<Tenant> tenants;
    private final BroadcastBackEnd backEnd;
    private final Requests requests;
    private final Tally tally;
    private final int centers;
    private final List<Cast> all = new ArrayList<>();

    /** A broadcast that was taken, and how far it was when somebody looked. */
    private static final class Cast {
        private final Taken taken;
        private volatile String state = "queued";
        private volatile boolean over;
        private volatile boolean ended;

        private Cast(Taken taken) {
            this.taken = taken;
        }

        private void is(BroadcastState job) {
            state = job.state();
            over |= job.isFinal();
        }
    }

    BroadcastSenders(
            World world, Letters letters, BroadcastBackEnd backEnd, Requests requests, Tally tally, int centers) {
        this.letters = letters;
        this.tenants = world.users().stream().map(World.User::tenant).distinct().toList();
        this.backEnd = backEnd;
        this.requests = requests;
        this.tally = tally;
        this.centers = centers;
    }

    /** Not while many are open. */
    boolean begin(Random dice) {
        if (open().size() >= MOST_OPEN) {
            return true;
        }
        Tenant tenant = any(tenants, dice);
        BroadcastSending send = letters.toEverybody(tenant, any(TOPICS, dice), MOST_PER_S, dice);
        int size = 80 + dice.nextInt(500);
        int center = dice.nextInt(centers);
        boolean may = requests.submit(
                tenant.product(), center, () -> backEnd.send(send, size, center).ifPresent(this::taken));
        return counted(may, "broadcasts");
    }

    private synchronized void taken(Taken taken) {
        all.add(new Cast(taken));
        if (all.size() > MOST_RECENT + MOST_OPEN) {
            all.stream().filter(cast -> cast.over).findFirst().ifPresent(all::remove);
        }
    }

    private synchronized List<Cast> open() {
        return all.stream().filter(cast -> !cast.over).toList();
    }

    private synchronized List<Cast> over() {
        return all.stream().filter(cast -> cast.over).toList();
    }

    /** Something is done to one that goes on, or that has ended. */
    boolean again(Random dice) {
        List<Cast> casts = dice.nextInt(4) > 0 ? open() : over();
        if (casts.isEmpty()) {
            return true;
        }
        Cast cast = any(casts, dice);
        int center = dice.nextInt(centers);
        if (dice.nextInt(8) == 0) {
            return cast.taken.send().messageId() == null
                    || submit(cast, center, () -> backEnd.repeat(cast.taken, center));
        }
        if (cast.over) {
            return dice.nextInt(15) > 0 || recall(cast, center);
        }
        return change(cast, dice, center);
    }

    private boolean change(Cast cast, Random dice, int center) {
        BroadcastWish wish = wish(cast.state, dice);
        if (wish == null) {
            return recall(cast, center);
        }
        cast.ended |= wish.ends();
        boolean may = submit(cast, center, () -> {
            backEnd.change(cast.taken, wish, center);
            look(cast);
        });
        return counted(may, "changes of broadcasts");
    }

    /** Null: it is recalled. */
    private static @Nullable BroadcastWish wish(String state, Random dice) {
        boolean rests = state.equals("paused") || state.equals("holding");
        int kind = dice.nextInt(20);
        if (kind == 0) {
            return null;
        } else if (kind == 1) {
            return BroadcastWish.state("cancelled");
        } else if (kind < 5) {
            return BroadcastWish.canary(dice.nextInt(3) == 0 ? 0 : dice.nextInt(1_001));
        } else if (kind < 9) {
            return BroadcastWish.rate(dice.nextInt(4) == 0 ? 0 : 5 + dice.nextInt(MOST_PER_S));
        } else {
            return BroadcastWish.state(rests || kind > 13 ? "running" : "paused");
        }
    }

    private boolean recall(Cast cast, int center) {
        cast.ended = true;
        boolean may = submit(cast, center, () -> {
            backEnd.recall(cast.taken, center);
            look(cast);
        });
        return counted(may, "recalls of broadcasts");
    }

    private boolean submit(Cast cast, int center, Runnable request) {
        return requests.submit(cast.taken.send().product(), center, request);
    }

    private boolean counted(boolean done, String what) {
        if (done) {
            tally.count(what);
        }
        return done;
    }

    // ---- what they ask, so that the checker hears of it ----

    /** How far those are that go on. */
    void lookAtOpen() {
        open().forEach(cast -> submit(cast, center(cast), () -> look(cast)));
    }

    private void look(Cast cast) {
        backEnd.look(cast.taken, center(cast)).ifPresent(cast::is);
    }

    private int center(Cast cast) {
        return Math.floorMod(cast.taken.send().number(), centers);
    }

    /** Whatever goes on is had come to its end, and what was ended or recalled is given time to leave. */
    void awaitEnds() {
        long until = System.nanoTime() + DONE_WITHIN.toNanos();
        open().forEach(cast ->
                put(cast, () -> backEnd.change(cast.taken, BroadcastWish.rate(LAST_PER_S), center(cast))));
        while (!open().isEmpty() && System.nanoTime() < until) {
            open().forEach(cast -> put(cast, () -> {
                look(cast);
                if (cast.state.equals("paused") || cast.state.equals("holding")) {
                    backEnd.change(cast.taken, new BroadcastWish("running", -1, 0), center(cast));
                }
            }));
            requests.awaitAll();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(500));
        }
        if (anyEnded()) {
            LockSupport.parkNanos(GONE_WITHIN.toNanos());
        }
    }

    private synchronized boolean anyEnded() {
        return all.stream().anyMatch(cast -> cast.ended);
    }

    /** What became of those that were sent last. */
    void lookAtRecent() {
        over().forEach(cast -> put(cast, () -> look(cast)));
        requests.awaitAll();
    }

    private void put(Cast cast, Runnable request) {
        requests.put(cast.taken.send().product(), center(cast), request);
    }

    private static <T> T any(List<T> list, Random dice) {
        return list.get(dice.nextInt(list.size()));
    }
}
