package io.longline.keeper.product;

/**
 * Whether it is told who comes and goes, and how soon.
 *
 * @param events are kept, for whoever reads them; also where this is false while there is a callback for them
 * @param debounceMs who comes and goes within so long is not told of
 */
public record PresenceEvents(boolean events, int debounceMs) {
    public static final int USUAL_DEBOUNCE_MS = 3_000;
    public static final PresenceEvents DEFAULT = new PresenceEvents(false, USUAL_DEBOUNCE_MS);
}
