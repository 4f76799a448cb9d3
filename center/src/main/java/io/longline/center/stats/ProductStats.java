package io.longline.center.stats;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.keeper.http.Json;
import java.util.List;

/**
 * A product in numbers.
 *
 * @param windows what happened
 * @param users that are online
 * @param devices of those, by shard
 * @param waiting messages in inboxes, by shard
 * @param scheduled messages that are to be sent later, by shard
 */
record ProductStats(
        Windows windows, long users, List<Sampled> devices, List<Sampled> waiting, List<Sampled> scheduled) {

    ProductStats {
        devices = List.copyOf(devices);
        waiting = List.copyOf(waiting);
        scheduled = List.copyOf(scheduled);
    }

    /** What happened in the time before a moment, which is by the store's clock. */
    record Windows(long atMs, Happened minute, Happened hour, Happened day) {}

    ObjectNode toJson() {
        ObjectNode json = Json.object();
        json.put("at_ms", windows.atMs);
        json.putObject("online")
                .put("users", users)
                .put("devices", Sampled.estimate(devices))
                .put("exact", Sampled.isExact(devices));
        json.putObject("waiting")
                .put("messages", Sampled.estimate(waiting))
                .put("scheduled", Sampled.estimate(scheduled))
                .put("exact", Sampled.isExact(waiting) && Sampled.isExact(scheduled));
        windows.minute.write(json.putObject("minute"));
        windows.hour.write(json.putObject("hour"));
        windows.day.write(json.putObject("day"));
        windows.minute.writePerSecond(60, json.putObject("per_s"));
        return json;
    }
}
