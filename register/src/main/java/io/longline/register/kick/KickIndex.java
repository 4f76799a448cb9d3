package io.longline.register.kick;

import java.util.concurrent.CompletionStage;

/** Who was kicked. Stages fail as those of {@link io.longline.register.route.RouteIndex}. */
public interface KickIndex {

    /** Sessions end, and none may be bound for a time, in one atomic step. It may be repeated: that ends who came back, but for the same job. */
    CompletionStage<KickOutcome> kick(Kick kick);
}
