package io.longline.deploy.check.client;

import java.net.InetSocketAddress;
import java.net.URI;

/** Where an instance is spoken to: its name in the cluster, and its address for back ends or clients. */
public record Place(String instance, String host, int port) {

    /** Of a room, for links. */
    public InetSocketAddress address() {
        return new InetSocketAddress(host, port);
    }

    /** Of a center or dispatcher. */
    public URI http() {
        return URI.create("http://" + host + ":" + port);
    }

    public static Place of(String instance, URI uri) {
        return new Place(instance, uri.getHost(), uri.getPort());
    }
}
