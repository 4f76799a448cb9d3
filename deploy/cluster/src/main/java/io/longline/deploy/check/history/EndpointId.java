package io.longline.deploy.check.history;

/** Product, user and device: whom messages are stored for. */
public record EndpointId(String product, String user, String device) {

    /** The device that stands for "whichever comes first" where none is known. */
    public static final String DEFAULT_DEVICE = "default";

    @Override
    public String toString() {
        return product + "/" + user + "/" + device;
    }
}
