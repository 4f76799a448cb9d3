package io.longline.keeper.admin;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/** What a service needs to be ready. Parts may be added at any time; they are asked by whoever asks, from any thread. */
public final class Health {
    private final List<Part> parts = new CopyOnWriteArrayList<>();

    /** A part that is asked at each look; it answers at once, with its problem or with nothing. */
    public Health require(String name, Supplier<Optional<String>> problem) {
        parts.add(new Part(name, problem));
        return this;
    }

    /** Why the service is not ready; empty: it is. */
    public List<Reason> reasons() {
        return parts.stream().flatMap(part -> part.reason().stream()).toList();
    }

    public boolean ready() {
        return reasons().isEmpty();
    }

    /** A part and what is wrong with it. */
    public record Reason(String part, String problem) {}

    private record Part(String name, Supplier<Optional<String>> problem) {
        Optional<Reason> reason() {
            return problem.get().map(text -> new Reason(name, text));
        }
    }
}
