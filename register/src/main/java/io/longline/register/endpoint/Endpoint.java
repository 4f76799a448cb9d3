package io.longline.register.endpoint;

/** Product + user + device: the unit of storing, ordering and acknowledging. */
public record Endpoint(String product, String user, String device) {

    @Override
    public String toString() {
        return product + "/" + user + "/" + device;
    }
}
