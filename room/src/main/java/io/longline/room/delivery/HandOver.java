package io.longline.room.delivery;

import io.longline.room.session.Hint;
import io.longline.room.session.Place;

/**
 * A hint on its way to a session.
 *
 * @param generation of the session that is meant; another one at that place is left alone
 */
public record HandOver(Place place, long generation, Hint hint) {}
