package io.longline.center.presence;

import java.util.List;

/**
 * A part of what a product was told.
 *
 * @param last the last id that was given, whether it is in this part or not
 * @param gone behind this one nothing was forgotten
 */
record ToldPage(List<Event> events, long last, long gone) {

    ToldPage {
        events = List.copyOf(events);
    }

    /**
     * That somebody came or went.
     *
     * @param device empty where users are told of
     */
    record Event(long id, String type, String user, String device, long generation, String reason, long atMs) {}

    /**
     * Who is online by what was told.
     *
     * @param device likewise
     */
    record Online(String user, String device, long generation, long sinceMs) {}

    /**
     * Some of a shard's.
     *
     * @param next where its next part begins; empty: that was all
     */
    record Part(List<Online> online, String next) {
        Part {
            online = List.copyOf(online);
        }
    }
}
