package io.longline.register.endpoint;

import io.longline.keeper.error.LonglineException;
import io.longline.keeper.id.Ids;
import java.nio.charset.StandardCharsets;

/**
 * Between generated messages and our words. What comes in is checked here, once, so that everything behind it may join ids
 * by "/" and spaces: a wrong one is INVALID_ARGUMENT and names its field.
 */
public final class Wire {
    /** Of a network's name; "wifi" and "4g" are what clients say. What is longer is cut. */
    private static final int MAX_NETWORK_BYTES = 64;

    private Wire() {}

    public static Endpoint endpoint(io.longline.rpc.v1.Endpoint message) {
        return new Endpoint(
                Ids.requireProduct("endpoint.product", message.getProduct()),
                Ids.require("endpoint.user", message.getUser()),
                Ids.require("endpoint.device", message.getDevice()));
    }

    public static io.longline.rpc.v1.Endpoint endpoint(Endpoint endpoint) {
        return io.longline.rpc.v1.Endpoint.newBuilder()
                .setProduct(endpoint.product())
                .setUser(endpoint.user())
                .setDevice(endpoint.device())
                .build();
    }

    /** The same, or all that the user has: then the device is "". */
    public static Endpoint endpointOrUser(io.longline.rpc.v1.Endpoint message) {
        return message.getDevice().isEmpty()
                ? new Endpoint(
                        Ids.requireProduct("endpoint.product", message.getProduct()),
                        Ids.require("endpoint.user", message.getUser()),
                        "")
                : endpoint(message);
    }

    /** One that can be followed: every endpoint follows the broadcast topics. */
    public static String topic(String field, String topic) {
        if (topic.startsWith("*")) {
            throw LonglineException.invalid(
                    field, "is " + topic + ", a broadcast topic, expected one that does not begin with *");
        }
        return Ids.require(field, topic);
    }

    public static io.longline.rpc.v1.FollowedTopic followed(FollowedTopic followed) {
        return io.longline.rpc.v1.FollowedTopic.newBuilder()
                .setTopic(followed.topic())
                .setFrom(followed.from())
                .setByBackEnd(followed.byBackEnd())
                .build();
    }

    public static Place place(io.longline.rpc.v1.Place message) {
        String room = Ids.require("place.room", message.getRoom());
        positive("place.incarnation", message.getIncarnation());
        return new Place(
                new Incarnation(room, message.getIncarnation()),
                message.getLoop(),
                message.getSlot(),
                message.getSlotGeneration());
    }

    public static io.longline.rpc.v1.Route route(Route route) {
        Place place = route.place();
        return io.longline.rpc.v1.Route.newBuilder()
                .setPlace(io.longline.rpc.v1.Place.newBuilder()
                        .setRoom(place.incarnation().room())
                        .setIncarnation(place.incarnation().number())
                        .setLoop(place.loop())
                        .setSlot(place.slot())
                        .setSlotGeneration(place.slotGeneration()))
                .setGeneration(route.generation())
                .setSinceMs(route.sinceMs())
                .build();
    }

    /** A number that our Redis scripts can hold: above 0, below 2^53. */
    public static long positive(String field, long number) {
        if (number <= 0 || number >= 1L << 53) {
            throw LonglineException.invalid(
                    field, "is " + Long.toUnsignedString(number) + ", expected above 0 and below 2^53");
        }
        return number;
    }

    /** An offset that our Redis scripts can hold: 0 stands for the beginning. */
    public static long offset(String field, long offset) {
        return offset == 0 ? 0 : positive(field, offset);
    }

    public static String network(String network) {
        byte[] bytes = network.getBytes(StandardCharsets.UTF_8);
        return bytes.length <= MAX_NETWORK_BYTES
                ? network
                : new String(bytes, 0, MAX_NETWORK_BYTES, StandardCharsets.UTF_8);
    }
}
