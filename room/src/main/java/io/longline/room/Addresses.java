package io.longline.room;

import io.longline.keeper.config.ConfigReader;
import io.longline.keeper.discovery.PublicAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The key {@code room.advertise}: {@code HOST:PORT[,tls][,tls-name=NAME][,region=R]}, and after a comma the next one. Whatever
 * is no address belongs to the address before it.
 */
final class Addresses {
    private static final String KEY = "room.advertise";
    private static final Pattern ADDRESS = Pattern.compile("(\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9._-]+):(\\d{1,5})");

    private Addresses() {}

    static List<PublicAddress> read(ConfigReader reader) {
        List<PublicAddress> addresses = new ArrayList<>();
        for (String entry : reader.list(KEY, "")) {
            Matcher address = ADDRESS.matcher(entry);
            if (address.matches() && Integer.parseInt(address.group(2)) <= 65_535) {
                addresses.add(new PublicAddress(address.group(1), Integer.parseInt(address.group(2)), false, "", ""));
            } else if (addresses.isEmpty() || !isOption(entry)) {
                reader.problem(KEY, "HOST:PORT[,tls][,tls-name=NAME][,region=R], separated by commas");
            } else {
                addresses.add(with(entry, addresses.removeLast()));
            }
        }
        return List.copyOf(addresses);
    }

    private static boolean isOption(String entry) {
        return entry.equals("tls") || entry.startsWith("tls-name=") || entry.startsWith("region=");
    }

    /** With TLS, the name in the certificate is the host's unless another is given. */
    private static PublicAddress with(String option, PublicAddress address) {
        String value = option.substring(option.indexOf('=') + 1);
        if (option.startsWith("region=")) {
            return new PublicAddress(address.host(), address.port(), address.tls(), address.tlsName(), value);
        }
        String tlsName = option.equals("tls") ? address.host() : value;
        return new PublicAddress(address.host(), address.port(), true, tlsName, address.region());
    }
}
