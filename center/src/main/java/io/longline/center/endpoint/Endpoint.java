package io.longline.center.endpoint;

/** Product + user + device: the unit of storing, ordering and acknowledging. */
public record Endpoint(String product, String user, String device) {

    /** The device of a user that has none yet; what is stored there goes to the first one that binds. */
    public static final String DEFAULT_DEVICE = "default";
}
