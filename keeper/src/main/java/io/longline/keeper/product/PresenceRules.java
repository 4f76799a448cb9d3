package io.longline.keeper.product;

/**
 * Whether back ends are told who comes and goes, and how soon, and who else may know who is online.
 *
 * @param clients may ask of up to 500 users at once
 * @param events are kept, for whoever reads them; also where this is false while there is a callback for them
 * @param debounceMs who comes and goes within so long is not told of
 */
public record PresenceRules(boolean clients, boolean events, int debounceMs) {
    public static final int USUAL_DEBOUNCE_MS = 3_000;
    public static final PresenceRules DEFAULT = new PresenceRules(false, false, USUAL_DEBOUNCE_MS);
}
