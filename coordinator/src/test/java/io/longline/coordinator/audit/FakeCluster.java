package io.longline.coordinator.audit;

import io.longline.coordinator.AuditMetrics;
import io.longline.keeper.error.LonglineException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Rooms, register and inboxes as an audit sees them, in memory; what is done about them changes them as the real ones are. */
final class FakeCluster implements Routes, Rooms, Inboxes {
    static final String ROOM = "room-1";
    static final long INCARNATION = 7;

    final Map<Endpoint, BoundRoute> routes = new LinkedHashMap<>();
    final Map<Place, SeenSession> sessions = new LinkedHashMap<>();
    final Map<Endpoint, Long> newest = new HashMap<>();
    final Map<String, Long> living = new HashMap<>(Map.of(ROOM, INCARNATION));
    final Set<Place> binding = new HashSet<>();
    final Set<Endpoint> lostShards = new HashSet<>();
    final Set<String> silent = new HashSet<>();
    final List<Suspect> mended = new ArrayList<>();
    final List<BoundRoute> takenAway = new ArrayList<>();
    final List<Duration> pauses = new ArrayList<>();
    final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    private boolean zookeeperAway;
    private boolean broken;
    private Runnable meanwhile = () -> {};

    /** A session with its route, and an inbox without anything. */
    SeenSession bound(String user, int slot, long generation) {
        SeenSession session = session(user, slot, generation);
        routes.put(session.endpoint(), new BoundRoute(session.endpoint(), session.place(), generation));
        return session;
    }

    SeenSession session(String user, int slot, long generation) {
        Endpoint endpoint = new Endpoint("demo", user, "phone");
        SeenSession session =
                new SeenSession(endpoint, new Place(ROOM, INCARNATION, 0, slot, 1), generation, 100, true);
        sessions.put(session.place(), session);
        return session;
    }

    BoundRoute ghost(String user, Place place, long generation) {
        BoundRoute route = new BoundRoute(new Endpoint("demo", user, "phone"), place, generation);
        routes.put(route.endpoint(), route);
        return route;
    }

    void zookeeperAway() {
        zookeeperAway = true;
    }

    /** What is done about anything does not help. */
    void broken() {
        broken = true;
    }

    /** Happens between the first look and the second. */
    void meanwhile(Runnable what) {
        meanwhile = what;
    }

    List<Finding> audit() {
        List<Finding> findings = new ArrayList<>();
        audit(findings);
        return findings;
    }

    AuditReport audit(List<Finding> findings) {
        AuditMetrics metrics = new AuditMetrics(registry, Mending.MOST);
        AuditConfig config =
                new AuditConfig(100_000, 100_000, Duration.ofMinutes(5), Duration.ofSeconds(5), Duration.ofSeconds(15));
        AuditReport report = new AuditReport(metrics, findings::add, _ -> {});
        new AuditRound(
                        new AuditRound.Tools(this, this, this, config, metrics, this::pause),
                        100_000,
                        report,
                        () -> true)
                .run();
        return report;
    }

    private void pause(Duration time) {
        if (time.compareTo(Duration.ofSeconds(5)) >= 0) {
            pauses.add(time);
            meanwhile.run();
        }
    }

    @Override
    public void walk(int keysPerS, Consumer<BoundRoute> each) {
        List.copyOf(routes.values()).forEach(each);
    }

    @Override
    public List<Whereabouts> locate(List<Endpoint> endpoints) {
        return endpoints.stream().map(this::locate).toList();
    }

    private Whereabouts locate(Endpoint endpoint) {
        if (lostShards.contains(endpoint)) {
            return new Whereabouts.Unknown();
        }
        BoundRoute route = routes.get(endpoint);
        return route == null ? new Whereabouts.Offline() : new Whereabouts.Online(route.place(), route.generation());
    }

    @Override
    public void takeAway(List<BoundRoute> those) {
        takenAway.addAll(those);
        if (!broken) {
            those.forEach(route -> routes.remove(route.endpoint(), route));
        }
    }

    @Override
    public Map<String, Long> living() {
        if (zookeeperAway) {
            throw LonglineException.dependencyDown("zookeeper", "away", null);
        }
        return Map.copyOf(living);
    }

    @Override
    public Optional<Page> survey(String room, long incarnation, int loop, int slot) {
        if (silent.contains(room)) {
            throw LonglineException.dependencyDown("room", "silent", null);
        }
        List<SeenSession> found = sessions.values().stream()
                .filter(session -> session.place().room().equals(room)
                        && session.place().loop() == loop
                        && session.place().slot() >= slot
                        && !binding.contains(session.place()))
                .toList();
        return Optional.of(new Page(found, 2, 0));
    }

    @Override
    public List<AtPlace> inspect(List<Place> places) {
        return places.stream().map(this::inspect).toList();
    }

    private AtPlace inspect(Place place) {
        if (silent.contains(place.room())) {
            return new AtPlace.Unknown();
        }
        if (binding.contains(place)) {
            return new AtPlace.Binding();
        }
        SeenSession session = sessions.get(place);
        return session == null ? new AtPlace.Nothing() : new AtPlace.There(session);
    }

    @Override
    public void mend(List<Suspect> suspects) {
        mended.addAll(suspects);
        if (!broken) {
            suspects.forEach(this::mend);
        }
    }

    private void mend(Suspect suspect) {
        switch (suspect.flaw()) {
            case UNBOUND -> routes.put(suspect.endpoint(), suspect.route());
            case OUTLIVED -> sessions.remove(suspect.place());
            case STRANDED -> newest.remove(suspect.endpoint());
            case GHOST -> throw new AssertionError("a room cannot mend " + suspect);
        }
    }

    @Override
    public List<Long> waiting(List<SeenSession> those) {
        return those.stream()
                .map(session -> newest.getOrDefault(session.endpoint(), Inboxes.NOTHING))
                .toList();
    }
}
