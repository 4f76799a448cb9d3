package io.longline.keeper.net;

import java.net.InetAddress;
import java.util.List;

/** Which addresses are public: those of hosts that anybody may reach, and not of a private network, this host, or a special purpose. */
public final class PublicAddresses {
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

    private PublicAddresses() {}

    private static Networks networks(List<String> texts) {
        return new Networks(
                texts.stream().map(text -> Network.parse(text).orElseThrow()).toList());
    }

    public static boolean isPublic(InetAddress address) {
        return V4_IN_V6.contain(address)
                ? !SPECIAL.contain(address)
                : GLOBAL_V6.contain(address) && !SPECIAL_V6.contain(address);
    }
}
