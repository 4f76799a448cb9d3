package io.longline.center.recall;

import io.longline.center.endpoint.Endpoint;
import io.longline.center.endpoint.KnownDevice;
import io.longline.center.push.Target;
import io.longline.center.unicast.RegisterClient;
import io.longline.center.wire.Unanswered;
import io.longline.keeper.rpc.Deadline;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/** Where copies of a message may be of which it is not told where they went. */
public final class Whereabouts {
    private final RegisterClient register;

    public Whereabouts(RegisterClient register) {
        this.register = register;
    }

    /** Of each target, in their order; DEPENDENCY_DOWN of {@code register} where it does not say. */
    public List<List<Endpoint>> of(String product, List<Target> targets, Deadline deadline) {
        List<CompletableFuture<List<Endpoint>>> asked =
                targets.stream().map(target -> of(product, target, deadline)).toList();
        List<List<Endpoint>> endpoints = new ArrayList<>();
        asked.forEach(one -> endpoints.add(Unanswered.join("register", one)));
        return endpoints;
    }

    /** The devices that the user has now, and {@code default}: what was stored for that may be at none of these. */
    private CompletableFuture<List<Endpoint>> of(String product, Target target, Deadline deadline) {
        if (target.device() != null) {
            return CompletableFuture.completedFuture(List.of(target.endpoint(product, target.device())));
        }
        return register.askDevices(product, target.user(), deadline)
                .thenApply(devices -> Stream.concat(
                                devices.stream().map(KnownDevice::device), Stream.of(Endpoint.DEFAULT_DEVICE))
                        .distinct()
                        .map(device -> target.endpoint(product, device))
                        .toList());
    }
}
