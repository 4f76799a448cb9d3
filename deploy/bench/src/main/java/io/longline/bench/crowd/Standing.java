package io.longline.bench.crowd;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.BitSet;
import java.util.List;

/** Who of a crowd has a session, as the clients know, and when each last wished for something else. */
public final class Standing {
    private final BitSet bound = new BitSet();
    private final long[] changedMs;

    private Standing(int clients) {
        this.changedMs = new long[clients];
    }

    static Standing of(List<JsonNode> answers, int clients) {
        Standing standing = new Standing(clients);
        for (JsonNode answer : answers) {
            answer.path("bound").forEach(index -> standing.bound.set(index.asInt()));
            answer.path("changed")
                    .forEach(one -> standing.changedMs[one.path("index").asInt()] =
                            one.path("at_ms").asLong());
        }
        return standing;
    }

    public int clients() {
        return changedMs.length;
    }

    public boolean isBound(int client) {
        return bound.get(client);
    }

    public int bound() {
        return bound.cardinality();
    }

    /** When a client came or went of its own wish for the last time, in ms since 1970; 0: it never did. */
    public long changedMs(int client) {
        return changedMs[client];
    }
}
