package io.longline.deploy.check.run;

import io.longline.deploy.check.client.Letter;
import io.longline.deploy.check.client.Tenant;
import io.longline.deploy.check.history.BroadcastSending;
import io.longline.deploy.check.history.History;
import io.longline.deploy.check.history.Sending;
import io.longline.deploy.check.history.Sending.Later;
import io.longline.deploy.check.history.TopicSending;
import io.longline.deploy.check.run.World.User;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What back ends write, as the dice fall. One thread writes. */
final class Letters {
    private static final int MOST_TARGETS = 20;
    private static final int MOST_OF_A_BATCH = 8;
    private static final int MOST_LIMITED = 3;

    private final long seed;
    private final World world;
    private final History history;
    private int number;
    private volatile long lastDue;

    Letters(long seed, World world, History history) {
        this.seed = seed;
        this.world = world;
        this.history = history;
    }

    /** Of what is no message. */
    int number() {
        return number++;
    }

    /** To one user. */
    Letter one(Random dice) {
        return to(any(world.users(), dice), dice, 12);
    }

    /** Several of one product, each to one user. */
    List<Letter> batch(Random dice) {
        List<User> users = world.usersOf(any(world.users(), dice).tenant());
        return IntStream.range(0, 2 + dice.nextInt(MOST_OF_A_BATCH - 1))
                .mapToObj(_ -> to(any(users, dice), dice, 12))
                .toList();
    }

    /** To several users of one product. */
    Letter list(Random dice) {
        return list(any(world.users(), dice).tenant(), MOST_TARGETS, dice, 6);
    }

    /** To several users of one product, in a job. */
    Letter job(Random dice) {
        Tenant tenant = any(world.users(), dice).tenant();
        Sending message = message(tenant, "", null, 1, Duration.ofDays(1), dice).ofJob(history.time());
        return new Letter(targets(message, tenant, MOST_TARGETS, dice), 800 + dice.nextInt(500));
    }

    /** Of a product with limits, so that it may be refused; there must be one. */
    Letter limited(Random dice) {
        User user = any(world.limited(), dice);
        return dice.nextInt(4) == 0
                ? list(user.tenant(), MOST_LIMITED, dice, Integer.MAX_VALUE)
                : to(user, dice, Integer.MAX_VALUE);
    }

    TopicSending toTopic(Tenant tenant, String topic, Random dice) {
        String id = dice.nextInt(7) == 0 ? null : id();
        Duration ttl = ttl(dice);
        Duration longer = ttl.isZero() ? Duration.ofSeconds(1) : ttl;
        return new TopicSending(number++, tenant.product(), topic, id, longer, tenant.journaled());
    }

    /** Most without a canary, a third as fast as may be. */
    BroadcastSending toEverybody(Tenant tenant, String topic, int mostPerS, Random dice) {
        String id = dice.nextInt(7) == 0 ? null : id();
        Duration ttl = dice.nextInt(8) == 0 ? Duration.ofSeconds(15) : Duration.ofDays(1);
        int rate = dice.nextInt(3) == 0 ? 0 : 5 + dice.nextInt(mostPerS);
        int canary = dice.nextInt(3) == 0 ? 50 + dice.nextInt(900) : 0;
        return new BroadcastSending(number++, tenant.product(), topic, id, ttl, tenant.journaled(), rate, canary);
    }

    private String id() {
        return "m" + number + "-" + Long.toString(seed, Character.MAX_RADIX);
    }

    /** When the last of those that are sent later is due. */
    long lastDue() {
        return lastDue;
    }

    private Letter to(User user, Random dice, int laterEach) {
        Sending send = message(user.tenant(), user.name(), device(user, dice), dice, laterEach);
        return new Letter(send, 80 + dice.nextInt(500));
    }

    private Letter list(Tenant tenant, int most, Random dice, int laterEach) {
        Sending message = message(tenant, "", null, dice, laterEach);
        return new Letter(targets(message, tenant, most, dice), 800 + dice.nextInt(500));
    }

    private List<Sending> targets(Sending message, Tenant tenant, int most, Random dice) {
        List<User> users = new ArrayList<>(world.usersOf(tenant));
        Collections.shuffle(users, dice);
        int count = Math.min(users.size(), 2 + dice.nextInt(most - 1));
        return users.subList(0, count).stream()
                .map(user -> message.to(user.name(), device(user, dice)))
                .toList();
    }

    private static @Nullable String device(User user, Random dice) {
        return dice.nextInt(4) == 0 ? any(user.endpoints(), dice).device() : null;
    }

    private Sending message(Tenant tenant, String user, @Nullable String device, Random dice, int laterEach) {
        Sending send = message(tenant, user, device, dice.nextInt(25) == 0 ? 0 : 1, ttl(dice), dice);
        return dice.nextInt(laterEach) == 0 && send.qos() == 1 ? send.at(later(dice)) : send;
    }

    private Sending message(Tenant tenant, String user, @Nullable String device, int qos, Duration ttl, Random dice) {
        Sending send = new Sending(
                number,
                tenant.product(),
                user,
                device,
                dice.nextInt(7) == 0 ? null : id(),
                qos,
                ttl,
                dice.nextInt(12) == 0 ? "k" + dice.nextInt(3) : null,
                tenant.journaled());
        number++;
        return send;
    }

    private static Duration ttl(Random dice) {
        return switch (dice.nextInt(20)) {
            case 0 -> Duration.ZERO;
            case 1 -> Duration.ofSeconds(2);
            case 2 -> Duration.ofSeconds(15);
            default -> Duration.ofDays(1);
        };
    }

    /** The run's clock is read first: so a message is due then or a little later, never earlier. */
    private Later later(Random dice) {
        long delayMs = 1_500L + dice.nextInt(6_500);
        long at = history.time() + TimeUnit.MILLISECONDS.toNanos(delayMs);
        lastDue = Math.max(lastDue, at);
        return new Later(at, System.currentTimeMillis() + delayMs);
    }

    private static <T> T any(List<T> list, Random dice) {
        return list.get(dice.nextInt(list.size()));
    }
}
