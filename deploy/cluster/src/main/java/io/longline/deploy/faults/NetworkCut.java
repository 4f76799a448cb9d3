package io.longline.deploy.faults;

import io.longline.deploy.proxy.Network;
import io.longline.deploy.proxy.Rule;
import io.longline.deploy.proxy.Terms;
import java.time.Duration;

/** A cut by the proxies. The object itself is the key of what it sets. */
final class NetworkCut implements Cut {
    private final Network network;
    private final Rule rule;

    NetworkCut(Network network, Rule rule) {
        this.network = network;
        this.rule = rule;
    }

    @Override
    public void blackHole() {
        network.set(this, rule, Terms.BLACK_HOLE);
    }

    @Override
    public void reset() {
        network.set(this, rule, Terms.RESET);
    }

    @Override
    public void latency(Duration latency) {
        network.set(this, rule, Terms.latency(latency));
    }

    @Override
    public void bandwidth(long bytesPerSecond) {
        network.set(this, rule, Terms.bandwidth(bytesPerSecond));
    }

    @Override
    public void heal() {
        network.heal(this);
    }
}
