package io.longline.center.unicast;

import io.longline.keeper.config.ConfigReader;
import java.time.Duration;

/**
 * How long a push is held up by what comes behind the store; its message is safe by then.
 *
 * @param handOver for all that register is asked first, and then once more for all that follows; also for a room that is told of a
 *     topic
 * @param settling until the store has what the answer says; beyond, saver and the sweep go on without it
 */
public record UnicastConfig(Duration handOver, Duration settling) {

    public static UnicastConfig read(ConfigReader reader) {
        return new UnicastConfig(
                reader.duration("center.hand-over-wait", "1s"), reader.duration("center.settle-wait", "200ms"));
    }
}
