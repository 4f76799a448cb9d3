package io.longline.center.sweep;

import io.longline.center.CenterMetrics;
import io.longline.center.endpoint.Location;
import io.longline.center.endpoint.Route;
import io.longline.center.unicast.RegisterClient;
import io.longline.center.unicast.SaverClient;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.lease.Lease;
import io.longline.keeper.lease.LeasedLoop;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.shard.Shards;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One round over all shards: the endpoints whose hints may have been lost are located and hinted at again, without the message, which
 * the room loads. What is not settled here comes again with the next round. A round looks at so many pages of a shard, and the next one
 * begins where it ended, so that none is starved by those before it.
 *
 * <p>Each step has a second, counted from before the lease was seen to be valid. The lease outlives that, so a process that is stopped
 * within a step and wakes when another one sweeps has no time left to do anything.
 */
public final class SweepRound implements LeasedLoop.Task {
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final int PAGES = 4;
    /** At once to register: few enough to leave pushes their share. */
    private static final int CHUNK = 200;

    private final UnsentClient unsent;
    private final RegisterClient register;
    private final SaverClient saver;
    private final RoomHints rooms;
    private final Duration olderThan;
    private final CenterMetrics metrics;
    /** Where the next round begins, for shards that the last one did not finish. */
    private Map<Integer, Long> unfinished = Map.of();
    /** Of this round: whether register answered for any endpoint, and what it looked like where it did not. */
    private boolean registerAnswered;

    private @Nullable LonglineException registerSilent;

    public SweepRound(
            UnsentClient unsent,
            RegisterClient register,
            SaverClient saver,
            RoomHints rooms,
            Duration olderThan,
            CenterMetrics metrics) {
        this.unsent = unsent;
        this.register = register;
        this.saver = saver;
        this.rooms = rooms;
        this.olderThan = olderThan;
        this.metrics = metrics;
    }

    @Override
    public boolean due() {
        return true;
    }

    @Override
    public void run(Lease lease) {
        try {
            metrics.swept(sweep(lease));
        } catch (RuntimeException e) {
            metrics.sweepFailed();
            throw e;
        }
    }

    /** How many endpoints it found. Throws where register answered for none of them: another center may reach it. */
    private int sweep(Lease lease) {
        rooms.clearAside();
        registerAnswered = false;
        registerSilent = null;
        Map<Integer, Long> from = new HashMap<>();
        for (int shard = 0; shard < Shards.COUNT; shard++) {
            from.put(shard, unfinished.getOrDefault(shard, 0L));
        }
        int found = 0;
        for (int pages = 0; pages < PAGES && !from.isEmpty(); pages++) {
            Deadline deadline = Deadline.after(PATIENCE);
            if (!lease.valid()) {
                break;
            }
            UnsentClient.Page page = unsent.page(from, olderThan, deadline);
            found += page.endpoints().size();
            from = page.next();
            locate(page.endpoints().stream().filter(one -> !rooms.isAside(one)).toList(), lease)
                    .forEach((room, hints) -> rooms.hint(room, hints, lease));
        }
        unfinished = from;
        LonglineException silent = registerSilent;
        if (silent != null && !registerAnswered) {
            throw silent;
        }
        return found;
    }

    private Map<String, List<RoomHints.Found>> locate(List<Unsent> page, Lease lease) {
        Map<String, List<RoomHints.Found>> byRoom = new HashMap<>();
        for (int begin = 0; begin < page.size(); begin += CHUNK) {
            List<Unsent> chunk = page.subList(begin, Math.min(begin + CHUNK, page.size()));
            Deadline deadline = Deadline.after(PATIENCE);
            if (!lease.valid()) {
                return Map.of();
            }
            List<Location> locations =
                    register.locate(chunk.stream().map(Unsent::endpoint).toList(), deadline);
            for (int i = 0; i < chunk.size(); i++) {
                Unsent found = chunk.get(i);
                note(locations.get(i));
                switch (locations.get(i)) {
                    case Location.Online(Route route) ->
                        byRoom.computeIfAbsent(route.place().room(), name -> new ArrayList<>())
                                .add(new RoomHints.Found(found, route));
                    // Nobody is there: not unsent any more.
                    case Location.Offline() -> saver.settled(found.endpoint(), found.seq(), deadline);
                    case Location.Unknown unknown -> {}
                }
            }
        }
        return byRoom;
    }

    private void note(Location location) {
        if (location instanceof Location.Unknown(LonglineException why) && isSilence(why)) {
            registerSilent = why;
        } else {
            registerAnswered = true;
        }
    }

    /** Nobody answered, unlike where it was answered that a shard is being rebuilt. */
    private static boolean isSilence(LonglineException why) {
        return why.dependency().filter("register"::equals).isPresent();
    }
}
