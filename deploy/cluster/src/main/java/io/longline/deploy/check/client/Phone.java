package io.longline.deploy.check.client;

import io.longline.deploy.check.history.EndpointId;
import io.longline.deploy.check.history.History;
import io.longline.deploy.check.history.Uplink;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A client that speaks the protocol by hand, natively or in JSON, and serves one or more endpoints over one link at a time. It
 * tries to have all that it wants, by {@link #tick}; what it is told to do to itself comes from the run. Any thread.
 */
public final class Phone {
    private static final long SILENCE = TimeUnit.SECONDS.toNanos(10);
    private static final int SECOND_REF_MS = 1_500;

    private final String name;
    private final boolean json;
    private final Map<EndpointId, Tenant> endpoints;
    private final History history;
    private final List<Place> rooms;
    private final RandomGenerator random;
    private final Map<EndpointId, Long> finished = new HashMap<>();
    private final Map<EndpointId, Map<String, Long>> places = new HashMap<>();
    private final Set<EndpointId> wanted = new HashSet<>();
    private final Map<EndpointId, Long> notBefore = new HashMap<>();
    private Acking acking = Acking.AT_ONCE;
    private final PhoneUplinks uplinks;
    private boolean amnesia;
    private @Nullable PhoneLink link;
    private boolean connecting;
    private long holdUntil;
    private long ticks;

    /** Pushes that were not acknowledged at once; of the link's thread. */
    int unacked;

    /** @param endpoints whom it may serve, and of which product each is */
    public Phone(
            String name,
            boolean json,
            Map<EndpointId, Tenant> endpoints,
            History history,
            List<Place> rooms,
            RandomGenerator random) {
        this.name = name;
        this.json = json;
        this.endpoints = Map.copyOf(endpoints);
        this.history = history;
        this.uplinks = new PhoneUplinks(history.calls());
        this.rooms = List.copyOf(rooms);
        this.random = random;
    }

    public String name() {
        return name;
    }

    public List<EndpointId> endpoints() {
        return List.copyOf(endpoints.keySet());
    }

    // ---- what the run makes it do ----

    public synchronized void want(EndpointId endpoint) {
        wanted.add(endpoint);
    }

    public synchronized void wantAll() {
        wanted.addAll(endpoints.keySet());
    }

    public synchronized void acking(Acking how) {
        acking = how;
    }

    synchronized Acking acking() {
        return acking;
    }

    /** At its next bind it does not know what it has had. */
    public synchronized void forgetItself() {
        amnesia = true;
    }

    /** Gone without a word, and back after a while. */
    public void drop(long forMs) {
        PhoneLink present;
        synchronized (this) {
            holdUntil = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(forMs);
            present = link;
        }
        if (present != null) {
            present.drop();
        }
    }

    /** Leaves its link open, reads no more, and connects anew; answers what has to be dropped some time. */
    public synchronized Optional<Runnable> goDeaf() {
        PhoneLink present = link;
        if (present == null || !present.isOpen()) {
            return Optional.empty();
        }
        link = null;
        present.goDeaf();
        return Optional.of(present::drop);
    }

    public synchronized void unbind(EndpointId endpoint, boolean forget) {
        wanted.remove(endpoint);
        if (link != null) {
            link.unbind(endpoint, forget);
        }
    }

    /** Has one of its endpoints follow a topic, or no longer, where that is bound. */
    public synchronized void wish(EndpointId endpoint, String topic, boolean follow) {
        if (link != null) {
            link.wish(endpoint, topic, follow);
        }
    }

    /** Has one of its endpoints send an uplink, now or when it is bound. */
    public synchronized void send(Uplink uplink, String text) {
        uplinks.add(uplink, text);
        PhoneLink present = link;
        if (present != null && present.isOpen()) {
            uplinks.say(present);
        }
    }

    /** Whether all that it was to send is acknowledged. */
    public synchronized boolean hasSentAll() {
        return uplinks.isEmpty();
    }

    /** Leaves all it has. */
    public void rest() {
        synchronized (this) {
            wanted.clear();
        }
        drop(0);
    }

    /** Whether all that it wants is bound and has come. */
    public synchronized boolean isCaughtUp() {
        PhoneLink present = link;
        return wanted.isEmpty() || (present != null && wanted.stream().allMatch(present::isCaughtUp));
    }

    // ---- by itself ----

    /** Twice a second: connects, binds, pings, acknowledges, and gives up a silent room. */
    public void tick() {
        PhoneLink present;
        boolean connect = false;
        synchronized (this) {
            ticks++;
            present = link;
            if (present == null && !connecting && !wanted.isEmpty() && System.nanoTime() >= holdUntil) {
                connecting = true;
                connect = true;
            }
        }
        if (connect) {
            Thread.ofVirtual().name(name).start(this::connect);
        } else if (present != null && present.isOpen()) {
            keep(present);
        }
    }

    private void keep(PhoneLink present) {
        if (ticks % 4 == 0) {
            present.ping();
        }
        boolean acknowledge = switch (acking()) {
            case AT_ONCE -> true;
            case BATCHED -> ticks % 2 == 0;
            case LATE -> ticks % 6 == 0;
            case NEVER -> false;
        };
        if (acknowledge) {
            present.flush();
        }
        if (present.silentNanos() > SILENCE) {
            present.drop();
        } else {
            bindWanted(present);
            sayUplinks(present);
        }
    }

    private synchronized void sayUplinks(PhoneLink present) {
        uplinks.say(present);
    }

    private synchronized void bindWanted(PhoneLink present) {
        long now = System.nanoTime();
        for (EndpointId endpoint : wanted) {
            if (!present.has(endpoint) && now >= notBefore.getOrDefault(endpoint, now)) {
                notBefore.put(endpoint, now + TimeUnit.MILLISECONDS.toNanos(SECOND_REF_MS));
                present.bind(wish(endpoint));
            }
        }
    }

    Tenant tenant(EndpointId endpoint) {
        Tenant tenant = endpoints.get(endpoint);
        if (tenant == null) {
            throw new IllegalArgumentException(name + " does not serve " + endpoint);
        }
        return tenant;
    }

    private Wish wish(EndpointId endpoint) {
        Tenant tenant = tenant(endpoint);
        long seq = amnesia ? 0 : finished.getOrDefault(endpoint, 0L);
        boolean names = !amnesia && random.nextBoolean();
        return new Wish(0, endpoint, tenant.token(endpoint), seq, names ? places(endpoint) : List.of());
    }

    private List<TopicPlace> places(EndpointId endpoint) {
        return places.getOrDefault(endpoint, Map.of()).entrySet().stream()
                .map(place -> new TopicPlace(place.getKey(), place.getValue()))
                .toList();
    }

    private void connect() {
        Place room;
        List<Wish> wishes;
        PhoneLink fresh;
        synchronized (this) {
            room = rooms.get(random.nextInt(rooms.size()));
            wishes = wanted.stream().map(this::wish).toList();
            amnesia = false;
            fresh = new PhoneLink(this, history, room);
            link = fresh;
        }
        boolean open = fresh.open(ear -> open(room, ear), wishes);
        synchronized (this) {
            connecting = false;
            if (!open) {
                lost(fresh);
            }
        }
    }

    private Optional<RawLink> open(Place room, RawLink.Ear ear) {
        try {
            return Optional.of(json ? JsonRawLink.open(room.address(), ear) : NativeRawLink.open(room.address(), ear));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    // ---- what its link tells it ----

    synchronized void finished(EndpointId endpoint, long seq) {
        finished.merge(endpoint, seq, Math::max);
    }

    /** All of a topic up to this offset. */
    synchronized void finished(EndpointId endpoint, String topic, long offset) {
        places.computeIfAbsent(endpoint, _ -> new HashMap<>()).merge(topic, offset, Math::max);
    }

    synchronized void followsNoMore(EndpointId endpoint, String topic) {
        places.getOrDefault(endpoint, new HashMap<>()).remove(topic);
    }

    synchronized void uplinkTaken(EndpointId endpoint, String id, PhoneLink on) {
        uplinks.taken(endpoint, id, on);
    }

    synchronized void uplinkRefused(EndpointId endpoint, Heard.UplinkError error) {
        uplinks.refused(endpoint, error.id(), error.reason(), error.retryAfterMs());
    }

    synchronized void unbound(EndpointId endpoint, Heard.Unbound unbound) {
        if (unbound.retry()) {
            long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(unbound.retryAfterMs());
            notBefore.put(endpoint, until);
        } else {
            wanted.remove(endpoint);
        }
    }

    synchronized void closed(boolean retry, long retryAfterMs) {
        if (!retry) {
            wanted.clear();
        }
        long ms = Math.min(retryAfterMs, 5_000) + 100;
        holdUntil = Math.max(holdUntil, System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ms));
    }

    synchronized void lost(PhoneLink gone) {
        if (gone.equals(link)) {
            link = null;
            long again = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(100 + random.nextInt(400));
            holdUntil = Math.max(holdUntil, again);
        }
    }
}
