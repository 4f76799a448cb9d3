package io.longline.keeper.product;

import java.util.List;
import java.util.Optional;

/**
 * Where the back ends of a product are told of things.
 *
 * @param targets at most one of a kind
 * @param networks that they may be in though their addresses are not public, such as {@code 10.1.0.0/16}; for operators to say
 */
public record Callbacks(List<Callback> targets, List<String> networks) {
    public static final Callbacks NONE = new Callbacks(List.of(), List.of());

    public Callbacks {
        targets = List.copyOf(targets);
        networks = List.copyOf(networks);
    }

    /** Where what is of that kind goes. */
    public Optional<Callback> ofKind(String kind) {
        return targets.stream().filter(target -> target.kind().equals(kind)).findFirst();
    }
}
