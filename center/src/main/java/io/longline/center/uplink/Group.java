package io.longline.center.uplink;

/** Consumers of one product that share the uplinks of one type. */
record Group(String product, String type, String name) {}
