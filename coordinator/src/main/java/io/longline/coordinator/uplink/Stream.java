package io.longline.coordinator.uplink;

/** What waits in a shard of one type of a product. */
record Stream(int shard, String product, String type) {

    /** Among the streams of its shard; ids have no slash. */
    String name() {
        return product + "/" + type;
    }

    static Stream of(int shard, String name) {
        int slash = name.indexOf('/');
        return new Stream(shard, name.substring(0, slash), name.substring(slash + 1));
    }
}
