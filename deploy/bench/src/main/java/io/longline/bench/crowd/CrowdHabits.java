package io.longline.bench.crowd;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What clients do of themselves, at a steady rate: one drops its link and comes back later, another one pings, a third sends an uplink, a fourth comes or goes. On their loop. */
final class CrowdHabits {
    private static final long TICK_MS = 10;

    private final Habit drops;
    private final Habit pings;
    private final Habit uplinks;
    private final Habit comings;
    private final Random random = new Random();
    private long mostAwayMs = 1;
    private Sending how = Sending.OPEN;
    private int run;
    private int size;

    /** Something that one client after the other does, so many a second. */
    private static final class Habit {
        private final EventLoop loop;
        private final Consumer<Habit> act;
        private @Nullable ScheduledFuture<?> timer;
        private List<CrowdLink> turn = new ArrayList<>();
        private int next;
        private long begunNanos;
        private double perNano;
        private long done;

        Habit(EventLoop loop, Consumer<Habit> act) {
            this.loop = loop;
            this.act = act;
        }

        /** @param perSecond 0: no more */
        void set(double perSecond) {
            if (timer != null) {
                timer.cancel(false);
                timer = null;
            }
            if (perSecond > 0) {
                begunNanos = System.nanoTime();
                perNano = perSecond / TimeUnit.SECONDS.toNanos(1);
                done = 0;
                timer = loop.scheduleAtFixedRate(this::tick, TICK_MS, TICK_MS, TimeUnit.MILLISECONDS);
            }
        }

        private void tick() {
            for (long due = (long) ((System.nanoTime() - begunNanos) * perNano); done < due; done++) {
                act.accept(this);
            }
        }

        /** When the present one was due. */
        long dueNanos() {
            return begunNanos + (long) (done / perNano);
        }
    }

    private final CrowdLoop crowd;

    CrowdHabits(EventLoop loop, CrowdLoop crowd) {
        this.crowd = crowd;
        this.drops = new Habit(loop, this::drop);
        this.pings = new Habit(loop, this::ping);
        this.uplinks = new Habit(loop, this::send);
        this.comings = new Habit(loop, _ -> crowd.comings().change());
    }

    /** So many clients a second drop their link, and connect anew, at the same room, after anything up to that time. */
    void drop(double perSecond, long awayMs) {
        mostAwayMs = Math.max(1, awayMs);
        drops.set(perSecond);
    }

    /** So many clients a second say {@code ping}. */
    void ping(double perSecond) {
        pings.set(perSecond);
    }

    /** So many clients a second send an uplink of a run, of so many characters. */
    void send(double perSecond, Sending manner, int ofRun, int ofSize) {
        how = manner;
        run = ofRun;
        size = ofSize;
        uplinks.set(perSecond);
    }

    /** So many a second come that were away, or go, or have another link. */
    void comeAndGo(double perSecond) {
        comings.set(perSecond);
    }

    private void send(Habit habit) {
        CrowdLink link = next(habit);
        if (link != null) {
            link.send(how, run, size, habit.dueNanos());
        }
    }

    private void drop(Habit habit) {
        CrowdLink link = next(habit);
        if (link != null) {
            crowd.drop(link, random.nextLong(mostAwayMs));
        }
    }

    private void ping(Habit habit) {
        CrowdLink link = next(habit);
        if (link != null) {
            link.ping();
        }
    }

    /** The next in turn that has its session; null where nobody has. */
    private @Nullable CrowdLink next(Habit habit) {
        for (int round = 0; round < 2; round++) {
            while (habit.next < habit.turn.size()) {
                CrowdLink link = habit.turn.get(habit.next++);
                if (link.isBound()) {
                    return link;
                }
            }
            habit.turn = crowd.boundLinks();
            habit.next = 0;
        }
        return null;
    }
}
