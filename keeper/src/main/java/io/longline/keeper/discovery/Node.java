package io.longline.keeper.discovery;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.longline.keeper.error.LonglineException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * A member of the cluster, as it announces itself.
 *
 * @param service {@code room}, {@code saver}, ...
 * @param instance its name, unique within the service; letters, digits, dot, dash and underscore
 * @param incarnation one start of that process, or one ZooKeeper session of a room; grows
 * @param rpc {@code host:port} of its gRPC services, "" if it has none
 * @param http {@code host:port} of its HTTP API, "" if it has none
 * @param admin {@code host:port} of its health and metrics
 * @param addresses where clients reach it (rooms)
 * @param weight its share where work is shared out by weight; 100 is usual
 * @param load what it carries now, in a unit of its service's (a room's links)
 * @param warnings what is weaker than it should be where this member works, for {@code status}
 */
public record Node(
        String service,
        String instance,
        long incarnation,
        String rpc,
        String http,
        String admin,
        List<PublicAddress> addresses,
        NodeState state,
        String region,
        int weight,
        long load,
        long startedAtMs,
        List<String> warnings) {

    private static final String NAME = "[A-Za-z0-9._-]{1,128}";

    private static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.READ_UNKNOWN_ENUM_VALUES_USING_DEFAULT_VALUE)
            .build();

    public Node {
        service = named("service", service);
        instance = named("instance", instance);
        rpc = PublicAddress.orEmpty(rpc);
        http = PublicAddress.orEmpty(http);
        admin = PublicAddress.orEmpty(admin);
        addresses = addresses == null ? List.of() : List.copyOf(addresses);
        state = state == null ? NodeState.FULL : state;
        region = PublicAddress.orEmpty(region);
        warnings = warnings == null ? List.of() : List.copyOf(warnings);
    }

    /** Without warnings. */
    public Node(
            String service,
            String instance,
            long incarnation,
            String rpc,
            String http,
            String admin,
            List<PublicAddress> addresses,
            NodeState state,
            String region,
            int weight,
            long load,
            long startedAtMs) {
        this(
                service,
                instance,
                incarnation,
                rpc,
                http,
                admin,
                addresses,
                state,
                region,
                weight,
                load,
                startedAtMs,
                List.of());
    }

    public Node withState(NodeState newState) {
        return with(incarnation, newState, load, warnings);
    }

    public Node withLoad(long newLoad) {
        return with(incarnation, state, newLoad, warnings);
    }

    public Node withIncarnation(long newIncarnation) {
        return with(newIncarnation, state, load, warnings);
    }

    public Node withWarnings(List<String> newWarnings) {
        return with(incarnation, state, load, newWarnings);
    }

    private Node with(long newIncarnation, NodeState newState, long newLoad, List<String> newWarnings) {
        return new Node(
                service,
                instance,
                newIncarnation,
                rpc,
                http,
                admin,
                addresses,
                newState,
                region,
                weight,
                newLoad,
                startedAtMs,
                newWarnings);
    }

    /** What stands in its ZooKeeper node. */
    public byte[] toJson() {
        try {
            return JSON.writeValueAsBytes(this);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Unknown fields are ignored, so that a newer release may add some. */
    public static Node fromJson(byte[] json) throws IOException {
        return JSON.readValue(json, Node.class);
    }

    private static String named(String field, String name) {
        if (name == null || !name.matches(NAME)) {
            throw LonglineException.invalid(field, "\"" + name + "\" does not match " + NAME);
        }
        return name;
    }
}
