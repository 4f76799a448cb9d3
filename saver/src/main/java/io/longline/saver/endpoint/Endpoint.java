package io.longline.saver.endpoint;

import io.longline.keeper.id.Ids;
import io.longline.keeper.shard.Shards;

/** Product + user + device: whose inbox it is. */
public record Endpoint(String product, String user, String device) {
    /** The device of those who name none, and of users who have none yet. */
    public static final String DEFAULT_DEVICE = "default";

    /** Of a request; INVALID_ARGUMENT where an id is none. */
    public static Endpoint checked(String product, String user, String device) {
        return new Endpoint(
                Ids.requireProduct("endpoint.product", product),
                Ids.require("endpoint.user", user),
                Ids.require("endpoint.device", device));
    }

    /** The reverse of {@link #text}; ids contain no slash. */
    public static Endpoint parse(String text) {
        int first = text.indexOf('/');
        int last = text.lastIndexOf('/');
        return new Endpoint(text.substring(0, first), text.substring(first + 1, last), text.substring(last + 1));
    }

    public int shard() {
        return Shards.of(product, user);
    }

    public Endpoint withDevice(String other) {
        return new Endpoint(product, user, other);
    }

    /** {@code product/user}. */
    public String owner() {
        return product + "/" + user;
    }

    /** {@code product/user/device}. */
    public String text() {
        return product + "/" + user + "/" + device;
    }
}
