package io.longline.room.transport.door;

import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** How many of each address are in; addresses of which nobody is in take no memory. */
final class Visits {
    private final ConcurrentHashMap<Long, Pass> passes = new ConcurrentHashMap<>();

    /** One more of an address; null if there are as many as may be. */
    @Nullable
    Pass enter(long site, int most) {
        Pass[] taken = new Pass[1];
        passes.compute(site, (_, pass) -> {
            Pass known = pass == null ? new Pass(site) : pass;
            if (known.open < most) {
                known.open++;
                taken[0] = known;
            }
            return known.open == 0 ? null : known;
        });
        return taken[0];
    }

    void leave(Pass pass) {
        passes.computeIfPresent(pass.site, (_, known) -> --known.open == 0 ? null : known);
    }

    int addresses() {
        return passes.size();
    }
}
