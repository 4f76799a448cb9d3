package io.longline.center.callback;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.center.http.Fields;
import io.longline.keeper.net.Network;
import io.longline.keeper.net.Networks;
import io.longline.keeper.net.PublicAddresses;
import io.longline.keeper.product.Callback;
import io.longline.keeper.product.WeightedUrl;
import java.net.InetAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Where a callback is: {@code url}, or {@code urls} with weights. */
final class CallbackUrls {
    private static final String URL = "url";
    private static final String URLS = "urls";
    private static final int MOST = 16;

    private CallbackUrls() {}

    /**
     * One or several, or what is wrong with them; what is no URL says who keeps it.
     *
     * @param allowed networks that an operator lets the product's callbacks be in though they are not public
     */
    static List<WeightedUrl> read(Fields callback, List<String> allowed) {
        if (!callback.has(URLS)) {
            callback.require(URL);
            Optional<String> url = callback.text(URL);
            url.flatMap(text -> addressProblem(text, allowed)).ifPresent(problem -> callback.problem(URL, problem));
            return url.map(text -> List.of(new WeightedUrl(text, 1))).orElse(List.of());
        }
        if (callback.has(URL)) {
            callback.problem(URL, "expected it or urls, not both");
        }
        List<WeightedUrl> urls = new ArrayList<>();
        for (Fields place : callback.objects(URLS, MOST)) {
            place.require(URL);
            String url = place.text(URL).orElse("");
            addressProblem(url, allowed).ifPresent(problem -> place.problem(URL, problem));
            urls.add(new WeightedUrl(url, place.integer("weight", 1, Integer.MIN_VALUE, Integer.MAX_VALUE)));
            place.finish();
        }
        return urls;
    }

    /** Of an address that stands there itself; that of a name may be another one at each request, and is looked at then. */
    private static Optional<String> addressProblem(String url, List<String> allowed) {
        Networks networks = new Networks(
                allowed.stream().map(Network::parse).flatMap(Optional::stream).toList());
        return literal(url)
                .filter(address -> !PublicAddresses.isPublic(address) && !networks.contain(address))
                .map(address -> "the address " + address.getHostAddress()
                        + " is not public, nor in a network that an operator has allowed (callbacks.networks)");
    }

    private static Optional<InetAddress> literal(String url) {
        try {
            String host = URI.create(url).getHost();
            return host == null ? Optional.empty() : Optional.of(InetAddress.ofLiteral(host));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // a name, or no URL
        }
    }

    static void show(Callback callback, ObjectNode json) {
        if (callback.urls().isEmpty()) {
            json.put(URL, callback.url());
            return;
        }
        ArrayNode urls = json.putArray(URLS);
        callback.urls().forEach(place -> urls.addObject().put(URL, place.url()).put("weight", place.weight()));
    }
}
