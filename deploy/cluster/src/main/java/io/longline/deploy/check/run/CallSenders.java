package io.longline.deploy.check.run;

import io.longline.deploy.check.client.CallBackEnd;
import io.longline.deploy.check.client.Hook;
import io.longline.deploy.check.client.KickBackEnd;
import io.longline.deploy.check.client.Phone;
import io.longline.deploy.check.client.SdkPhone;
import io.longline.deploy.check.client.Tally;
import io.longline.deploy.check.client.Tenant;
import io.longline.deploy.check.history.EndpointId;
import io.longline.deploy.check.history.GroupEvent.Lent;
import io.longline.deploy.check.history.Kick;
import io.longline.deploy.check.history.PullGroup;
import io.longline.deploy.check.history.Uplink;
import io.longline.deploy.check.run.World.User;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What clients and back ends do in a run beside messages: uplinks, callbacks, groups, who is online, and kicks. One thread throws the dice. */
final class CallSenders implements AutoCloseable {
    /** The last one is only pulled. */
    private static final List<String> TYPES = List.of("order", "chat", "note");

    private static final List<String> KINDS = List.of("uplink.order", "uplink.chat", "presence", "message");
    private static final int MOST_PULLED = 50;
    private static final int MOST_BLOCK_S = 8;
    private static final Duration LONG = Duration.ofSeconds(60);

    private final World world;
    private final Letters letters;
    private final CallBackEnd backEnd;
    private final KickBackEnd kicks;
    private final Hook hook;
    private final Requests requests;
    private final Tally tally;
    private final int centers;
    private final List<Tenant> tenants;
    private final List<PullGroup> groups;

    CallSenders(
            World world,
            Letters letters,
            CallBackEnd backEnd,
            KickBackEnd kicks,
            Hook hook,
            Requests requests,
            Tally tally,
            int centers) {
        this.world = world;
        this.letters = letters;
        this.backEnd = backEnd;
        this.kicks = kicks;
        this.hook = hook;
        this.requests = requests;
        this.tally = tally;
        this.centers = centers;
        this.tenants = world.users().stream().map(World.User::tenant).distinct().toList();
        this.groups = tenants.stream()
                .flatMap(tenant -> Stream.of(
                        new PullGroup(tenant.product(), "note", "workers"),
                        new PullGroup(tenant.product(), "order", "audit")))
                .toList();
    }

    /** Before anything else callbacks are set, and groups begin. */
    void begin() {
        tenants.forEach(tenant -> backEnd.serve(tenant.product(), KINDS, hook));
        groups.forEach(group -> backEnd.pull(group, 1, Duration.ofSeconds(1), Duration.ZERO, 0));
    }

    // ---- clients ----

    /** A client sends something, or an app does, or it asks and waits for the reply. */
    boolean uplink(Random dice) {
        String type = any(TYPES, dice);
        int size = 90 + dice.nextInt(400);
        boolean app = dice.nextInt(4) == 0;
        boolean asks = dice.nextInt(3) == 0;
        int number = letters.number();
        tally.count("uplinks");
        if (app && !world.sdkPhones().isEmpty()) {
            SdkPhone phone = any(world.sdkPhones(), dice);
            Uplink uplink = new Uplink(number, phone.endpoint(), type, asks ? "" : "up-" + number);
            return requests.submit("", 0, () -> phone.send(uplink, uplink.text(size)));
        }
        Phone phone = any(world.owners(), dice);
        EndpointId endpoint = any(phone.endpoints(), dice);
        Uplink uplink = new Uplink(number, endpoint, type, "up-" + number);
        phone.send(uplink, uplink.text(size));
        return true;
    }

    // ---- groups ----

    /** A consumer pulls, and finishes most, gives some back, or dies with what it has. */
    boolean pull(Random dice) {
        PullGroup group = any(groups, dice);
        Duration lease = Duration.ofMillis(2_000 + dice.nextInt(8_000));
        Duration wait = Duration.ofMillis(dice.nextInt(1_000));
        int most = 1 + dice.nextInt(MOST_PULLED);
        int center = dice.nextInt(centers);
        boolean dies = dice.nextInt(8) == 0;
        int backEach = 2 + dice.nextInt(8);
        Duration delay = Duration.ofMillis(dice.nextInt(3_000));
        return requests.submit(group.product(), center, () -> {
            List<Lent> lent = backEnd.pull(group, most, lease, wait, center);
            if (!dies && !lent.isEmpty()) {
                settle(group, lent, backEach, delay, center);
            }
        });
    }

    private void settle(PullGroup group, List<Lent> lent, int backEach, Duration delay, int center) {
        Set<String> done = new HashSet<>();
        Set<String> back = new HashSet<>();
        for (int i = 0; i < lent.size(); i++) {
            (i % backEach == backEach - 1 ? back : done).add(lent.get(i).leaseId());
        }
        if (!done.isEmpty()) {
            backEnd.finish(group, done, center);
        }
        if (!back.isEmpty()) {
            backEnd.giveBack(group, back, delay, center);
        }
    }

    /** All callbacks are well from now on. */
    void heal() {
        hook.heal();
    }

    /** What waits in groups is taken, as far as there is any now. */
    void drain() {
        for (PullGroup group : groups) {
            List<Lent> lent = backEnd.pull(group, 500, LONG, Duration.ZERO, 0);
            if (!lent.isEmpty()) {
                backEnd.finish(group, lent.stream().map(Lent::leaseId).collect(Collectors.toSet()), 0);
            }
        }
    }

    // ---- kicks ----

    boolean kick(Random dice) {
        User user = any(world.users(), dice);
        String device = dice.nextBoolean() ? null : any(user.endpoints(), dice).device();
        int number = letters.number();
        Kick kick = new Kick(number, user.tenant().product(), Set.of(user.name()), device, block(dice), reason(number));
        int center = dice.nextInt(centers);
        return counted(requests.submit(kick.product(), center, () -> kicks.kick(kick, center)), "kicks");
    }

    boolean kickMany(Random dice) {
        List<User> users = new ArrayList<>(world.usersOf(any(tenants, dice)));
        Collections.shuffle(users, dice);
        List<User> kicked = users.subList(0, Math.min(users.size(), 1 + dice.nextInt(5)));
        int number = letters.number();
        Kick kick = new Kick(
                number,
                users.getFirst().tenant().product(),
                kicked.stream().map(User::name).collect(Collectors.toSet()),
                null,
                block(dice),
                reason(number));
        int center = dice.nextInt(centers);
        return counted(requests.submit(kick.product(), center, () -> kicks.kickMany(kick, center)), "kicks of many");
    }

    private static Duration block(Random dice) {
        return Duration.ofSeconds(dice.nextInt(3) == 0 ? 0 : 1 + dice.nextInt(MOST_BLOCK_S));
    }

    private static String reason(int number) {
        return Kick.REASON + number;
    }

    private boolean counted(boolean done, String what) {
        if (done) {
            tally.count(what);
        }
        return done;
    }

    // ---- who is online ----

    /** What came into the logs since. */
    void lookAtPresence() {
        tenants.forEach(tenant ->
                requests.submit(tenant.product() + " presence", 0, () -> backEnd.readPresence(tenant.product(), 0)));
    }

    /** What is in the logs, and who is online by them. */
    void readPresence() {
        tenants.forEach(tenant -> {
            backEnd.readPresence(tenant.product(), 0);
            backEnd.readSnapshot(tenant.product(), 0);
        });
    }

    private static <T> T any(List<T> list, Random dice) {
        return list.get(dice.nextInt(list.size()));
    }

    /** Whoever has these products next is not called by it. */
    @Override
    public void close() {
        tenants.forEach(tenant -> backEnd.leave(tenant.product()));
        groups.forEach(backEnd::leave);
        hook.close();
    }
}
