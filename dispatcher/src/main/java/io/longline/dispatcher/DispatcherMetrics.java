package io.longline.dispatcher;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** Everything that dispatcher counts; requests and their times are the HTTP server's. */
public final class DispatcherMetrics {
    private final Counter answered;
    private final Counter noRoom;

    public DispatcherMetrics(MeterRegistry registry) {
        this.answered = registry.counter("longline.dispatcher.answers", "result", "rooms");
        this.noRoom = registry.counter("longline.dispatcher.answers", "result", "no_room");
    }

    public void answered() {
        answered.increment();
    }

    public void noRoom() {
        noRoom.increment();
    }
}
