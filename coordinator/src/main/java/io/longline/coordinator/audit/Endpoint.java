package io.longline.coordinator.audit;

/** Product + user + device. */
record Endpoint(String product, String user, String device) {

    @Override
    public String toString() {
        return product + "/" + user + "/" + device;
    }
}
