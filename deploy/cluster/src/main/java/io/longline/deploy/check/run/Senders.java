package io.longline.deploy.check.run;

import io.longline.deploy.check.Checker;
import io.longline.deploy.check.client.BackEnd;
import io.longline.deploy.check.client.Letter;
import io.longline.deploy.check.client.Tally;
import io.longline.deploy.check.history.EndpointId;
import io.longline.deploy.check.history.History;
import io.longline.deploy.check.history.Sending;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** What back ends do in a run; whatever answers false was not done, as too much is under way. One thread throws the dice. */
final class Senders {
    private static final int MOST_RECENT = 1_000;

    /** So long after it is due a message is sent at the latest, where nothing is wrong any more: it may have failed often before. */
    private static final Duration SENT_WITHIN = Duration.ofSeconds(90);

    /** What is due is asked for when it usually has been sent. */
    private static final long SENT_BY_THEN = TimeUnit.SECONDS.toNanos(3);

    private final World world;
    private final Letters letters;
    private final BackEnd backEnd;
    private final Requests requests;
    private final History history;
    private final Checker checker;
    private final Tally tally;
    private final int centers;
    private final List<Sent> recent = new ArrayList<>();

    /** A message that was answered with success. */
    private record Sent(Letter letter, String id) {}

    Senders(
            World world,
            Letters letters,
            BackEnd backEnd,
            Requests requests,
            History history,
            Checker checker,
            Tally tally,
            int centers) {
        this.world = world;
        this.letters = letters;
        this.backEnd = backEnd;
        this.requests = requests;
        this.history = history;
        this.checker = checker;
        this.tally = tally;
        this.centers = centers;
    }

    // ---- what they do ----

    boolean one(Random dice) {
        return send(letters.one(dice), dice);
    }

    boolean list(Random dice) {
        return send(letters.list(dice), dice);
    }

    boolean job(Random dice) {
        return send(letters.job(dice), dice);
    }

    private boolean send(Letter letter, Random dice) {
        int center = dice.nextInt(centers);
        boolean waits = letter.message().later() != null && !letter.message().ofJob();
        boolean recalled = waits && dice.nextInt(4) == 0;
        double share = dice.nextDouble(1.1); // of the time until it is due; sometimes it just was
        boolean may = requests.submit(
                letter.product(),
                center,
                () -> backEnd.send(letter, center).ifPresent(id -> {
                    sent(new Sent(letter, id));
                    if (recalled) {
                        recallLater(letter, id, center, share);
                    }
                }));
        return counted(may, "sends", 1);
    }

    private boolean counted(boolean done, String what, int times) {
        for (int i = 0; done && i < times; i++) {
            tally.count(what);
        }
        return done;
    }

    private void recallLater(Letter letter, String id, int center, double share) {
        long left = Objects.requireNonNull(letter.message().later()).at() - history.time();
        requests.later((long) (left * share), letter.product(), center, () -> backEnd.recall(letter, id, center));
    }

    boolean batch(Random dice) {
        List<Letter> batch = letters.batch(dice);
        int center = dice.nextInt(centers);
        boolean may = requests.submit(
                batch.getFirst().product(),
                center,
                () -> backEnd.batch(batch, center).forEach((letter, id) -> sent(new Sent(letter, id))));
        return counted(may, "sends", batch.size());
    }

    /** What was refused is looked at: nobody must know of it. */
    boolean limited(Random dice) {
        Letter letter = letters.limited(dice);
        int center = dice.nextInt(centers);
        boolean may = requests.submit(
                letter.product(),
                center,
                () -> backEnd.send(letter, center).ifPresentOrElse(id -> sent(new Sent(letter, id)), () -> {
                    if (letter.id() != null) {
                        backEnd.look(letter.parts(), letter.id(), center);
                    }
                }));
        return counted(may, "sends of products with limits", 1);
    }

    boolean forget(Random dice) {
        List<EndpointId> devices =
                world.users().get(dice.nextInt(world.users().size())).endpoints();
        EndpointId device = devices.get(dice.nextInt(devices.size()));
        int center = dice.nextInt(centers);
        boolean may = requests.submit(device.product(), center, () -> backEnd.forget(device, center));
        return counted(may, "devices forgotten by back ends", 1);
    }

    /** Looks, repeats, contradicts or recalls. */
    boolean again(Random dice) {
        Sent sent = anySent(dice);
        int center = dice.nextInt(centers);
        int kind = dice.nextInt(9);
        if (sent == null || sent.letter.message().qos() == 0) {
            return true;
        }
        String product = sent.letter.product();
        if (kind < 5) {
            return requests.submit(product, center, () -> backEnd.look(sent.letter.parts(), sent.id, center));
        } else if (kind == 8) {
            return requests.submit(product, center, () -> backEnd.recall(sent.letter, sent.id, center));
        } else if (sent.letter.id() == null) {
            return true;
        } else if (kind < 7) {
            return requests.submit(product, center, () -> backEnd.repeat(sent.letter, center));
        } else {
            return requests.submit(product, center, () -> backEnd.contradict(sent.letter, center));
        }
    }

    private synchronized void sent(Sent sent) {
        if (recent.size() < MOST_RECENT) {
            recent.add(sent);
        } else {
            recent.set(Math.floorMod(sent.letter.message().number(), MOST_RECENT), sent);
        }
    }

    private synchronized @Nullable Sent anySent(Random dice) {
        return recent.isEmpty() ? null : recent.get(dice.nextInt(recent.size()));
    }

    // ---- what they ask, so that the checker hears of it ----

    /** To whom what was due was sent. */
    void lookAtDue() {
        once(checker.untold(history.time() - SENT_BY_THEN))
                .forEach(owed -> requests.submit(owed.send().product(), center(owed.send()), () -> look(owed)));
    }

    /** Until all that was to be sent later is sent. Where something was in its way, that is tried again after a while. */
    void awaitDue() {
        LockSupport.parkNanos(letters.lastDue() - history.time());
        requests.awaitAll();
        long until = System.nanoTime() + SENT_WITHIN.toNanos();
        List<Checker.Owed> untold = untold();
        while (!untold.isEmpty() && System.nanoTime() < until) {
            lookAt(untold);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(500));
            untold = untold();
        }
    }

    private List<Checker.Owed> untold() {
        checker.judge();
        return checker.untold(history.time());
    }

    /** What became of messages. */
    void lookAt(List<Checker.Owed> messages) {
        once(messages).forEach(owed -> requests.put(owed.send().product(), center(owed.send()), () -> look(owed)));
        requests.awaitAll();
    }

    private void look(Checker.Owed owed) {
        backEnd.look(List.of(owed.send()), owed.id(), center(owed.send()));
    }

    /** Of a job all targets are told of together. */
    private static List<Checker.Owed> once(List<Checker.Owed> messages) {
        Set<Integer> jobs = new HashSet<>();
        return messages.stream()
                .filter(owed -> !owed.send().ofJob() || jobs.add(owed.send().number()))
                .toList();
    }

    private int center(Sending send) {
        return Math.floorMod(send.number(), centers);
    }

    /** What became of those that were sent last. */
    void lookAtRecent() {
        List<Sent> all;
        synchronized (this) {
            all = List.copyOf(recent);
        }
        all.stream()
                .filter(sent -> sent.letter.message().isStored())
                .forEach(sent -> requests.put(
                        sent.letter.product(),
                        center(sent.letter.message()),
                        () -> backEnd.look(sent.letter.parts(), sent.id, center(sent.letter.message()))));
        requests.awaitAll();
    }
}
