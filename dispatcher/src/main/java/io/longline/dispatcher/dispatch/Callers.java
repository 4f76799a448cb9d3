package io.longline.dispatcher.dispatch;

import io.longline.keeper.net.Networks;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Whose question it is, where something may stand before the dispatcher that hands it on. */
final class Callers {

    private Callers() {}

    /**
     * Who asks; empty where that is no address.
     *
     * @param peer the other side of the connection
     * @param forwardedFor {@code X-Forwarded-For}, to which each proxy adds who called it; anybody may have written what stands before the
     *     first of ours
     * @param proxies ours
     */
    static Optional<InetAddress> of(String peer, Optional<String> forwardedFor, Networks proxies) {
        Optional<InetAddress> caller = address(peer);
        List<String> before =
                forwardedFor.map(list -> Arrays.asList(list.split(","))).orElse(List.of());
        for (int i = before.size() - 1;
                i >= 0 && caller.filter(proxies::contain).isPresent();
                i--) {
            caller = address(before.get(i).strip());
        }
        return caller;
    }

    private static Optional<InetAddress> address(String text) {
        try {
            return Optional.of(InetAddress.ofLiteral(text));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }
}
