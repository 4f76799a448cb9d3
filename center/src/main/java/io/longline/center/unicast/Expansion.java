package io.longline.center.unicast;

import io.longline.center.endpoint.Endpoint;
import io.longline.center.endpoint.KnownDevice;
import io.longline.center.place.PlaceCache;
import io.longline.center.push.DeviceChoice;
import io.longline.center.push.Push;
import io.longline.center.push.Target;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.rpc.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Whom a push goes to at one of its targets: the device it names, or the devices that register knows of the user. What is not stored (QoS 0) goes to those
 * last told where register does not answer soon.
 */
final class Expansion {
    /** Register is asked so long before what it told last is taken instead; DESIGN section 4. */
    private static final Duration INSTEAD_AFTER = Duration.ofSeconds(2);

    private final Push push;
    private final Target target;
    private final PlaceCache places;
    /** Not asked for where the device is named. */
    private final CompletableFuture<List<KnownDevice>> known;

    private final @Nullable LonglineException refused;
    /** Of the devices that the user has; null: whoever is meant now. */
    private final @Nullable String chosen;

    private Expansion(
            Push push,
            Target target,
            PlaceCache places,
            CompletableFuture<List<KnownDevice>> known,
            @Nullable LonglineException refused,
            @Nullable String chosen) {
        this.push = push;
        this.target = target;
        this.places = places;
        this.known = known;
        this.refused = refused;
        this.chosen = chosen;
    }

    /** It goes to nobody there, and this is why. */
    static Expansion refused(Push push, Target target, PlaceCache places, LonglineException why) {
        return new Expansion(push, target, places, CompletableFuture.completedFuture(List.of()), why, null);
    }

    static Expansion ask(Push push, Target target, RegisterClient register, PlaceCache places, Deadline deadline) {
        if (target.device() != null) {
            return new Expansion(push, target, places, CompletableFuture.completedFuture(List.of()), null, null);
        }
        CompletableFuture<List<KnownDevice>> known = register.askDevices(push.product(), target.user(), deadline)
                .whenComplete((told, error) -> {
                    if (error == null) { // also where nobody waits for it any more
                        places.silence().answered();
                        places.known(push.product(), target.user(), told);
                    }
                });
        return new Expansion(push, target, places, known, null, null);
    }

    Target target() {
        return target;
    }

    /** The same where it was chosen before that it goes to {@code device}, unless another one is named. */
    Expansion at(String device) {
        return target.device() == null ? new Expansion(push, target, places, known, refused, device) : this;
    }

    /** The device that is chosen of those that the user has; empty where all are meant, or nobody can say. */
    Optional<String> choice() {
        if (refused != null || target.device() != null || push.options().devices() != DeviceChoice.LATEST) {
            return Optional.empty();
        }
        try {
            return Optional.of(endpoints().getFirst().device());
        } catch (LonglineException e) {
            return Optional.empty(); // it fails there, which is told when it is sent
        }
    }

    /** Waits for register's answer, and fails as it does; at least one. */
    List<Endpoint> endpoints() {
        if (refused != null) {
            throw refused;
        }
        String one = target.device() == null ? chosen : target.device();
        if (one != null) {
            return List.of(endpoint(one));
        }
        List<KnownDevice> devices = devices();
        if (devices.isEmpty()) {
            return List.of(endpoint(Endpoint.DEFAULT_DEVICE));
        }
        List<KnownDevice> meant = push.options().devices() == DeviceChoice.LATEST ? devices.subList(0, 1) : devices;
        return meant.stream().map(device -> endpoint(device.device())).toList();
    }

    private Endpoint endpoint(String device) {
        return target.endpoint(push.product(), device);
    }

    private List<KnownDevice> devices() {
        Optional<List<KnownDevice>> last =
                push.options().qos() == 0 ? places.devices(push.product(), target.user()) : Optional.empty();
        try {
            return RegisterClient.devices(last.isEmpty() ? known : soon(known));
        } catch (LonglineException e) {
            places.silence().unanswered();
            return last.orElseThrow(() -> e);
        }
    }

    private <T> CompletableFuture<T> soon(CompletableFuture<T> asked) {
        Duration patience = places.silence().patience(INSTEAD_AFTER);
        return asked.copy().orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS);
    }
}
