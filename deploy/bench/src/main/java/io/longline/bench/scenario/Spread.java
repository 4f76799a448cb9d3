package io.longline.bench.scenario;

import io.longline.bench.crowd.Crowds;

/** Clients in several rooms. */
final class Spread {
    private Spread() {}

    /** So many, in equal shares, in the first rooms that they know. */
    static void connect(Crowds crowd, int clients, int rooms) {
        for (int room = 0; room < rooms; room++) {
            int from = (int) ((long) clients * room / rooms);
            int to = (int) ((long) clients * (room + 1) / rooms);
            crowd.connect(to - from, room);
        }
    }
}
