package io.longline.saver.message;

import io.longline.saver.endpoint.CopyState;
import io.longline.saver.endpoint.Endpoint;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * To whom a message went.
 *
 * @param acceptedAtMs 0: not known
 * @param center that accepted it, or sent it when it was due; empty: not known
 * @param recalledAtMs before it was due, or as a message to a topic; 0: it was not
 * @param later it was kept until it was due, from when it was accepted on
 * @param ended targets of one that was to be sent later, which it never went to
 * @param targets all of those of one that is to be sent later, or was recalled before that; a device "" stands for all the user has
 * @param rest what those of them are that it did not go to
 * @param partial copies of users at whose other devices it failed
 * @param recalled at any time: it goes to nobody more
 * @param claimed whom it was claimed for, and of whom this does not tell
 * @param ofTopic one to a topic has no copies
 */
record MessageRecord(
        long acceptedAtMs,
        String center,
        long recalledAtMs,
        boolean later,
        List<Told> copies,
        List<CopyStatus> ended,
        List<Endpoint> targets,
        CopyState rest,
        List<Told> partial,
        boolean recalled,
        List<ClaimedTarget> claimed,
        OfTopic ofTopic) {

    /** What it went through as a whole, after it was accepted. */
    List<TimelineEntry> stages() {
        List<TimelineEntry> stages = new ArrayList<>();
        if (later) {
            stages.add(new TimelineEntry(TimelineEntry.Stage.SCHEDULED, acceptedAtMs, "", null, ""));
        }
        if (!ofTopic.isNone()) {
            stages.add(new TimelineEntry(TimelineEntry.Stage.STORED, ofTopic.storedAtMs(), "", null, ""));
        }
        if (recalledAtMs > 0) {
            stages.add(new TimelineEntry(TimelineEntry.Stage.RECALLED, recalledAtMs, "", null, ""));
        }
        return stages;
    }

    /** Where there is no copy. */
    List<CopyStatus> withoutCopy() {
        Map<String, Set<String>> reached = new HashMap<>();
        for (Told copy : copies) {
            reached.computeIfAbsent(copy.endpoint().user(), _ -> new HashSet<>())
                    .add(copy.endpoint().device());
        }
        // What was stored for "default" is at its heir, so it is at none of the devices that were named.
        Map<String, Set<String>> others = new HashMap<>();
        reached.forEach((user, devices) -> others.put(user, new HashSet<>(devices)));
        targets.forEach(
                target -> others.getOrDefault(target.user(), new HashSet<>()).remove(target.device()));
        Stream<CopyStatus> open = targets.stream()
                .filter(target -> !isReached(
                        target,
                        reached.getOrDefault(target.user(), Set.of()),
                        others.getOrDefault(target.user(), Set.of())))
                .map(target -> CopyStatus.ofNone(target, rest));
        return Stream.concat(ended.stream(), open).toList();
    }

    private static boolean isReached(Endpoint target, Set<String> devices, Set<String> others) {
        if (target.device().isEmpty()) {
            return !devices.isEmpty();
        }
        boolean toHeir = target.device().equals(Endpoint.DEFAULT_DEVICE) && !others.isEmpty();
        return devices.contains(target.device()) || toHeir;
    }
}
