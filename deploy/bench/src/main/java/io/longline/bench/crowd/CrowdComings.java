package io.longline.bench.crowd;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.keeper.http.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Clients that come and go as they like, in every way in which phones do. On their loop. */
final class CrowdComings {
    /** Of 8 changes of somebody who is there, as many are of this kind; the others go. */
    private static final int BLINKS = 2;

    private static final int MOVES = 1;
    private static final int OF = 8;
    /** Around the debounce: some of it is told, and some is not. */
    private static final int MOST_BLINK_MS = 1_500;
    /** How long a link that its client has left may stay, as of a phone that has changed its network. */
    private static final int MOST_LEFT_MS = 10_000;

    private final CrowdLoop loop;
    private final List<Client> known = new ArrayList<>();
    private final Set<CrowdLink> left = new HashSet<>();
    private final Random random = new Random();
    private long helloWithinMs;

    CrowdComings(CrowdLoop loop) {
        this.loop = loop;
    }

    void know(Client client) {
        known.add(client);
    }

    /** Who has no session after that time tries elsewhere; 0: everybody waits. */
    void helloWithin(long ms) {
        helloWithinMs = ms;
    }

    /** One change of anybody: who is just coming gives it up. */
    void change() {
        Client client = known.get(random.nextInt(known.size()));
        CrowdLink link = loop.link(client);
        int dice = random.nextInt(OF);
        if (!client.wishes()) {
            client.wishes(true);
            client.lost();
            loop.connect(client);
        } else if (link == null || !link.isBound() || dice >= BLINKS + MOVES) {
            goes(client, link);
        } else if (dice < BLINKS) {
            loop.drop(link, random.nextLong(MOST_BLINK_MS));
        } else {
            leaves(link);
        }
    }

    private static void goes(Client client, @Nullable CrowdLink link) {
        client.nextTurn();
        client.wishes(false);
        if (link != null) {
            link.close();
        }
    }

    /** It has another link at once, and the room hears later that this one is over. */
    private void leaves(CrowdLink link) {
        left.add(link);
        loop.schedule(
                () -> {
                    left.remove(link);
                    link.close();
                },
                random.nextLong(MOST_LEFT_MS));
        link.client().lost();
        loop.connect(link.client());
    }

    /** A link has been begun. */
    void began(CrowdLink link) {
        if (helloWithinMs > 0) {
            loop.schedule(
                    () -> {
                        if (!link.wasBound()) {
                            link.lost(0);
                        }
                    },
                    helloWithinMs);
        }
    }

    /** Clients that are not yet as they wish. */
    int restless() {
        return (int) known.stream()
                .filter(client -> client.wishes() != isBound(client))
                .count();
    }

    private boolean isBound(Client client) {
        CrowdLink link = loop.link(client);
        return link != null && link.isBound();
    }

    /** As {@link Standing} reads it. */
    ObjectNode standing() {
        ObjectNode json = Json.object();
        ArrayNode bound = json.putArray("bound");
        ArrayNode changed = json.putArray("changed");
        for (Client client : known) {
            if (isBound(client)) {
                bound.add(client.index());
            }
            changed.addObject().put("index", client.index()).put("at_ms", client.changedMs());
        }
        return json;
    }

    void close() {
        known.forEach(Client::nextTurn);
        known.clear();
        left.forEach(CrowdLink::close);
        left.clear();
        helloWithinMs = 0;
    }
}
