package io.longline.deploy.check.history;

import java.util.Set;

/**
 * Something that was done to the cluster, from its beginning until all of it is well again.
 *
 * @param text what, in words: {@code stop saver-1}
 * @param down the instances that cannot answer while it lasts
 * @param losesRedis whether Redis may come out of it without what it knew
 * @param disturbsJournal whether what waits for MySQL may be late or lost: anything done to MySQL or a saver
 */
public record Fault(int id, String text, Set<String> down, boolean losesRedis, boolean disturbsJournal) {

    public Fault {
        down = Set.copyOf(down);
    }

    @Override
    public String toString() {
        return "fault " + id + ": " + text;
    }
}
