package io.longline.coordinator.callback;

import io.longline.keeper.net.Network;
import io.longline.keeper.net.Networks;
import io.longline.keeper.net.PublicAddresses;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.apache.hc.client5.http.DnsResolver;

/**
 * Resolves the host of a callback for each new connection, and refuses it where one of its addresses is not public and not allowed. The
 * connection goes to an address that was looked at here, so a name that changes its address in between gains nothing.
 */
final class CheckedAddresses implements DnsResolver {
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
            if (!PublicAddresses.isPublic(address) && !allowed.contain(address)) {
                throw new UnknownHostException(
                        "the address of " + host + " is " + address.getHostAddress() + ", which is not public");
            }
        }
        return addresses;
    }

    @Override
    public String resolveCanonicalHostname(String host) throws UnknownHostException {
        return names.resolveCanonicalHostname(host);
    }
}
