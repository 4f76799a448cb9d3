package io.longline.keeper.token;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a token shall say.
 *
 * @param device the only device it is good for; null: any
 * @param topics patterns of the topics its holder may follow
 * @param ttl how long it is good, whole seconds, 1 s or more
 */
public record TokenRequest(String user, @Nullable String device, List<String> topics, Duration ttl) {

    public TokenRequest {
        topics = List.copyOf(topics);
    }
}
