package io.longline.deploy.check.history;

import java.util.Set;

/**
 * Something that was done to the cluster, from its beginning until all of it is well again.
 *
 * @param text what, in words: {@code stop saver-1}
 * @param down the instances that cannot answer while it lasts
 * @param losesRedis whether Redis may come out of it without what it knew last
 * @param empties whether Redis comes out of it without what it knew long before
 * @param disturbsJournal whether what waits for MySQL may be late or lost: anything done to MySQL or a saver
 */
public record Fault(
        int id, String text, Set<String> down, boolean losesRedis, boolean empties, boolean disturbsJournal) {

    public Fault {
        down = Set.copyOf(down);
    }

    /** One after which Redis knows nothing, if it loses anything. */
    public Fault(int id, String text, Set<String> down, boolean losesRedis, boolean disturbsJournal) {
        this(id, text, down, losesRedis, losesRedis, disturbsJournal);
    }

    @Override
    public String toString() {
        return "fault " + id + ": " + text;
    }
}
