package io.longline.keeper.net;

import io.longline.keeper.config.ConfigReader;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Some networks; looked through one after the other, so they should be some hundreds at most. */
public record Networks(List<Network> all) {

    public Networks {
        all = List.copyOf(all);
    }

    /** Separated by commas; none by default. */
    public static Networks read(ConfigReader reader, String key) {
        List<Network> networks = new ArrayList<>();
        for (String entry : reader.list(key, "")) {
            Optional<Network> network = Network.parse(entry);
            if (network.isEmpty()) {
                reader.problem(
                        key,
                        "networks like 10.0.0.0/8, 2001:db8::/32 or 192.0.2.7, separated by commas, without bits"
                                + " beyond the prefix; \"" + entry + "\" is none");
            }
            network.ifPresent(networks::add);
        }
        return new Networks(networks);
    }

    public boolean isEmpty() {
        return all.isEmpty();
    }

    /** Whether an address is in one of them. */
    public boolean contain(InetAddress address) {
        for (Network network : all) {
            if (network.contains(address)) {
                return true;
            }
        }
        return false;
    }
}
