package io.longline.room.broadcast;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Where it is known in which broadcast topics of a product anything was published. */
public interface BroadcastNames {

    /** Does not block; fails with {@link io.longline.keeper.error.LonglineException} alone. */
    CompletableFuture<List<String>> broadcasts(String product);
}
