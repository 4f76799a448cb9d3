package io.longline.keeper.product;

import io.longline.keeper.id.Ids;
import io.longline.keeper.net.Network;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What is wrong with callbacks. Says nothing of their secrets. */
final class CallbackProblems {
    private static final int MAX_URL = 2_048;
    private static final int MIN_SECRET_BYTES = 8;
    private static final int MAX_SECRET_BYTES = 256;
    private static final int MAX_IN_FLIGHT = 1_000;
    private static final int MIN_TIMEOUT_MS = 100;
    private static final int MAX_TIMEOUT_MS = 60_000;
    private static final int MAX_URLS = 16;
    private static final int MAX_WEIGHT = 100;
    private static final int MAX_PORT = 65_535;

    private CallbackProblems() {}

    static void note(String field, Callbacks callbacks, ProductProblems problems) {
        problems.bounded(field + ".targets", callbacks.targets());
        problems.bounded(field + ".networks", callbacks.networks());
        Set<String> kinds = new HashSet<>();
        for (int i = 0; i < callbacks.targets().size(); i++) {
            String at = field + ".targets[" + i + "]";
            Callback target = callbacks.targets().get(i);
            note(at, target, problems);
            if (!kinds.add(String.valueOf(target.kind()))) {
                problems.add(at + ".kind", "is there twice");
            }
        }
        List<String> networks = callbacks.networks();
        for (int i = 0; i < networks.size(); i++) {
            if (Network.parse(networks.get(i)).isEmpty()) {
                problems.add(
                        field + ".networks[" + i + "]",
                        "is " + networks.get(i)
                                + ", expected a network like 10.0.0.0/8 or 2001:db8::/32, or an address");
            }
        }
    }

    private static void note(String at, Callback target, ProductProblems problems) {
        kindProblem(target.kind()).ifPresent(problem -> problems.add(at + ".kind", problem));
        if (target.urls().isEmpty()) {
            urlProblem(target.url()).ifPresent(problem -> problems.add(at + ".url", problem));
        } else {
            urls(at + ".urls", target.urls(), problems);
        }
        int bytes = target.secret() == null ? 0 : target.secret().getBytes(StandardCharsets.UTF_8).length;
        if (bytes < MIN_SECRET_BYTES || bytes > MAX_SECRET_BYTES) {
            problems.add(
                    at + ".secret",
                    "has " + bytes + " bytes, expected " + MIN_SECRET_BYTES + " to " + MAX_SECRET_BYTES);
        }
        problems.range(at + ".max_in_flight", target.maxInFlight(), 1, MAX_IN_FLIGHT);
        problems.range(at + ".timeout_ms", target.timeoutMs(), MIN_TIMEOUT_MS, MAX_TIMEOUT_MS);
        if (target.per() == Callback.Per.USER && !Callback.PRESENCE.equals(target.kind())) {
            problems.add(at + ".per", "is user, which only presence may be told by");
        }
    }

    private static void urls(String at, List<WeightedUrl> urls, ProductProblems problems) {
        if (urls.size() > MAX_URLS) {
            problems.add(at, "are " + urls.size() + ", expected at most " + MAX_URLS);
            return;
        }
        Set<String> known = new HashSet<>();
        for (int i = 0; i < urls.size(); i++) {
            String one = at + "[" + i + "]";
            WeightedUrl place = urls.get(i);
            urlProblem(place.url()).ifPresent(problem -> problems.add(one + ".url", problem));
            problems.range(one + ".weight", place.weight(), 1, MAX_WEIGHT);
            if (!known.add(String.valueOf(place.url()))) {
                problems.add(one + ".url", "is there twice");
            }
        }
    }

    private static Optional<String> kindProblem(String kind) {
        if (kind == null) {
            return Optional.of("is missing");
        }
        if (kind.startsWith(Callback.UPLINK)) {
            return Ids.problem(kind.substring(Callback.UPLINK.length())).map(problem -> "the type " + problem);
        }
        return kind.equals(Callback.PRESENCE) || kind.equals(Callback.MESSAGE)
                ? Optional.empty()
                : Optional.of("is " + kind + ", expected uplink.<type>, presence or message");
    }

    private static Optional<String> urlProblem(String url) {
        if (url == null) {
            return Optional.of("is missing");
        }
        if (url.length() > MAX_URL) {
            return Optional.of("has " + url.length() + " characters, expected at most " + MAX_URL);
        }
        try {
            URI uri = new URI(url);
            boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            boolean plain = uri.getHost() != null && uri.getRawUserInfo() == null && uri.getRawFragment() == null;
            return web && plain && uri.getPort() != 0 && uri.getPort() <= MAX_PORT
                    ? Optional.empty()
                    : Optional.of("expected http:// or https:// with a host, without user and fragment");
        } catch (URISyntaxException e) {
            return Optional.of("is no URL: " + e.getReason());
        }
    }
}
