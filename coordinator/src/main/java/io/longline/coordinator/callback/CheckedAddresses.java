package io.longline.coordinator.callback;

import io.longline.keeper.net.Network;
import io.longline.keeper.net.Networks;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.apache.hc.client5.http.DnsResolver;

/**
 * Resolves the host of a callback for each new connection, and refuses it where one of its addresses is not public and not allowed. The
 * connection goes to an address that was looked at here, so a name that changes its address in between gains nothing.
 */
final class CheckedAddresses implements DnsResolver {
    /** Not public, by the registries of special addresses (RFC 6890). */
    private static final Networks SPECIAL = networks(List.of(
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",
            "240.0.0.0/4"));

    /** Of IPv6 only what is given out globally is public, without what stands for addresses of IPv4. */
    private static final Networks GLOBAL_V6 = networks(List.of("2000::/3"));

    private static final Networks V4_IN_V6 = networks(List.of("0.0.0.0/0"));
    private static final Networks SPECIAL_V6 =
            networks(List.of("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"));

    private final Networks allowed;
    private final DnsResolver names;

    /** @param allowed though not public */
    CheckedAddresses(Networks allowed, DnsResolver names) {
        this.allowed = allowed;
        this.names = names;
    }

    static Networks networks(List<String> texts) {
        return new Networks(
                texts.stream().map(text -> Network.parse(text).orElseThrow()).toList());
    }

    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
        InetAddress[] addresses = names.resolve(host);
        for (InetAddress address : addresses) {
            if (!isPublic(address) && !allowed.contain(address)) {
                throw new UnknownHostException(
                        "the address of " + host + " is " + address.getHostAddress() + ", which is not public");
            }
        }
        return addresses;
    }

    static boolean isPublic(InetAddress address) {
        return V4_IN_V6.contain(address)
                ? !SPECIAL.contain(address)
                : GLOBAL_V6.contain(address) && !SPECIAL_V6.contain(address);
    }

    @Override
    public String resolveCanonicalHostname(String host) throws UnknownHostException {
        return names.resolveCanonicalHostname(host);
    }
}
