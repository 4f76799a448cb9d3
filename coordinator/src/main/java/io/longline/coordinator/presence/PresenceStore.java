package io.longline.coordinator.presence;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Who is online, what changed of it, and what was told. Methods block, and fail with
 * LonglineException while the store is away, or the shard is lost. */
interface PresenceStore {

    /** A shard under its lease. */
    record Held(int shard, long fence) {}

    /** Products of which something is to be told, or is on its way to the log. */
    Set<String> products(int shard);

    /** Tells what is due. Empty where the lease is another's now; likewise below. */
    Optional<Told> tell(Held held, Audience audience, long logged);

    /** The fencing number under which all was compared, or is being. */
    OptionalLong comparedUnder(int shard);

    void noteComparison(Held held, Duration period);

    /** A page. What differs is noted as changed. */
    Optional<Compared> compare(Held held, Audience audience, Position from);

    /**
     * What a comparison has come to.
     *
     * @param noted so many differed
     * @param next empty: that was all
     */
    record Compared(int noted, Optional<Position> next) {}

    /**
     * Where a comparison goes on.
     *
     * @param ofTold those who were told to be online; else those who are
     * @param after empty: at the beginning
     */
    record Position(boolean ofTold, String after) {
        static final Position FIRST = new Position(true, "");
    }

    /** Products of which somebody was told to be online. */
    Set<String> tellers(int shard);

    /** All of a product goes that nobody wants to be told of; nothing where the lease is another's now. */
    void drop(Held held, String product);

    /** Events of a shard into the log of their product; those that are there are left out. */
    void log(int shard, String product, List<Told.ShardEvent> events);
}
