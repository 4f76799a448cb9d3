package io.longline.bench.presence;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.bench.rig.ApiClient;
import io.longline.deploy.cluster.ClusterException;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/**
 * A back end that reads: a snapshot of who is online, and then the events behind it, all the time; a new snapshot where the log says that
 * events are gone. What it cannot have now it asks for again. One thread of its own.
 */
final class LogReader implements AutoCloseable {
    private static final long PAUSE_NANOS = 200_000_000;
    private static final String EVENTS = "/v1/presence?limit=999&after=";

    private final ApiClient api;
    private final Thread thread = Thread.ofVirtual().name("log-reader").unstarted(this::run);
    private final Set<String> online = new HashSet<>();
    private boolean hasSnapshot;
    private long after;
    private volatile boolean ended;
    private int snapshots;
    private long events;
    private int failures;

    LogReader(ApiClient api) {
        this.api = api;
    }

    void start() {
        thread.start();
    }

    private void run() {
        while (!ended) {
            if (!look()) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    /** Whether there is more. */
    private boolean look() {
        try {
            return hasSnapshot() ? read() : takeSnapshot();
        } catch (ClusterException e) {
            count();
            return false;
        }
    }

    private synchronized void count() {
        failures++;
    }

    private synchronized boolean hasSnapshot() {
        return hasSnapshot;
    }

    private boolean takeSnapshot() {
        Set<String> there = new HashSet<>();
        JsonNode page = api.get("/v1/presence/snapshot");
        add(page, there);
        while (page.hasNonNull("next")) {
            page = api.get("/v1/presence/snapshot?after=" + page.path("next").asText());
            add(page, there);
        }
        begin(there, page.path("as_of").asLong());
        return true;
    }

    private static void add(JsonNode page, Set<String> there) {
        page.path("items").forEach(item -> there.add(item.path("user").asText()));
    }

    private synchronized void begin(Set<String> there, long asOf) {
        online.clear();
        online.addAll(there);
        after = asOf;
        hasSnapshot = true;
        snapshots++;
    }

    private boolean read() {
        JsonNode page = api.get(EVENTS + after());
        take(page);
        return page.hasNonNull("next");
    }

    private synchronized long after() {
        return after;
    }

    private synchronized void take(JsonNode page) {
        if (page.has("gap")) {
            hasSnapshot = false;
            return;
        }
        for (JsonNode event : page.path("items")) {
            events++;
            if (event.path("type").asText().equals(ToldBook.ONLINE)) {
                online.add(event.path("user").asText());
            } else {
                online.remove(event.path("user").asText());
            }
        }
        after = page.path("as_of").asLong();
    }

    /** By the snapshot and all events behind it that have been read. */
    synchronized Set<String> online() {
        return Set.copyOf(online);
    }

    synchronized int snapshots() {
        return snapshots;
    }

    synchronized long events() {
        return events;
    }

    /** Questions that were not answered with success. */
    synchronized int failures() {
        return failures;
    }

    /** From a fresh snapshot on, all that there is now. */
    static Set<String> now(ApiClient api) {
        LogReader reader = new LogReader(api);
        var _ = reader.takeSnapshot();
        while (reader.read()) {
            // the next page
        }
        return reader.online();
    }

    @Override
    public void close() {
        ended = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
