package io.longline.keeper.product;

/**
 * Who may know who is online, beside the back ends.
 *
 * @param clients may ask of up to 500 users at once
 */
public record PresenceRules(boolean clients) {
    public static final PresenceRules NONE = new PresenceRules(false);
}
