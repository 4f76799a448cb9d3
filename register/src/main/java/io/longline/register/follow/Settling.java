package io.longline.register.follow;

import io.longline.register.endpoint.FollowNote;
import java.util.List;

/** How far it is with what calls left on its way to the journal. */
public sealed interface Settling {

    /** Nothing is left. */
    record Settled() implements Settling {}

    /** This is so, and the journal may have something else. Tell it and come again. */
    record NotJournaled(List<FollowNote> notes) implements Settling {

        public NotJournaled {
            notes = List.copyOf(notes);
        }
    }

    /** Since the journal was told another call has begun, and may be under way. Nothing was changed; come again a little later. */
    record Overtaken() implements Settling {}
}
