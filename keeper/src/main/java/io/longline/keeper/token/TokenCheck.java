package io.longline.keeper.token;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a token turned out to be. */
public sealed interface TokenCheck {

    /**
     * Signed by the product and good at that moment.
     *
     * @param device the only device it is good for; null: any
     * @param topics patterns of the topics its holder may follow
     * @param expiresAtMs its {@code exp}, without the clock skew that is granted beyond
     */
    record Valid(String user, @Nullable String device, List<String> topics, long expiresAtMs) implements TokenCheck {}

    /** {@code reason} is short, fit for a close frame, and contains nothing of the token. */
    record Invalid(String reason) implements TokenCheck {}
}
