package io.longline.register.follow;

import io.longline.register.endpoint.Follows;
import io.longline.register.route.LeftNotes;

/** What became of the question what an endpoint follows. */
public sealed interface FollowsOutcome {

    record Known(Follows follows) implements FollowsOutcome {}

    /** Something was left on its way to the journal, which is to be settled first; see {@link LeftNotes}. */
    record Left() implements FollowsOutcome {}
}
