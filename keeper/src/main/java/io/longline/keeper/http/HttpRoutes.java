package io.longline.keeper.http;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Who answers what. Filled while the server is put together, by one thread. */
public final class HttpRoutes {
    private final List<Route> routes = new ArrayList<>();

    /**
     * Says who answers that method on those paths: parts are words, {@code {name}}, or either with a verb, {@code
     * /v1/users/{user}:kick}. A name stands for one part, without a verb; words go before names.
     */
    public HttpRoutes add(String method, String template, HttpHandler handler) {
        Route route = new Route(method, new PathTemplate(template), handler);
        if (routes.stream().anyMatch(other -> other.method.equals(method) && other.template.equals(route.template))) {
            throw new IllegalArgumentException(method + " " + template + " has two handlers");
        }
        routes.add(route);
        return this;
    }

    public HttpRoutes get(String template, HttpHandler handler) {
        return add("GET", template, handler);
    }

    public HttpRoutes post(String template, HttpHandler handler) {
        return add("POST", template, handler);
    }

    public HttpRoutes put(String template, HttpHandler handler) {
        return add("PUT", template, handler);
    }

    public HttpRoutes delete(String template, HttpHandler handler) {
        return add("DELETE", template, handler);
    }

    /** {@code GET /v1/messages/{id}} and so on, for a description to be compared with. */
    public List<String> templates() {
        return routes.stream().map(route -> route.method + " " + route.template).toList();
    }

    /** NOT_FOUND for an unknown path, METHOD_NOT_ALLOWED for a known one with another method. HEAD finds what answers GET. */
    Match match(String method, String path) {
        Match best = best(method, path);
        if (best == null && method.equals("HEAD")) {
            best = best("GET", path);
        }
        if (best != null) {
            return best;
        }
        Set<String> methods = methods(path);
        if (methods.isEmpty()) {
            throw new LonglineException(ErrorCode.NOT_FOUND, "no such path: " + path);
        }
        throw new LonglineException(
                ErrorCode.METHOD_NOT_ALLOWED,
                method + " is not offered on " + path + ", expected " + String.join(" or ", methods));
    }

    /** What may be asked of that path, in the order of the alphabet. */
    SortedSet<String> methods(String path) {
        SortedSet<String> methods = new TreeSet<>();
        for (Route route : routes) {
            if (route.template.match(path).isPresent()) {
                methods.add(route.method);
            }
        }
        if (methods.contains("GET")) {
            methods.add("HEAD");
        }
        return methods;
    }

    private @Nullable Match best(String method, String path) {
        Match best = null;
        for (Route route : routes) {
            Optional<Map<String, String>> params = route.template.match(path);
            if (params.isPresent()
                    && route.method.equals(method)
                    && (best == null || params.get().size() < best.params.size())) {
                best = new Match(route.template.toString(), params.get(), route.handler);
            }
        }
        return best;
    }

    record Match(String template, Map<String, String> params, HttpHandler handler) {
        Match {
            params = Map.copyOf(params);
        }
    }

    private record Route(String method, PathTemplate template, HttpHandler handler) {}
}
