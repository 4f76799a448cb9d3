package io.longline.keeper.net;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A network in CIDR notation. IPv4 stands in IPv6 as {@code ::ffff:a.b.c.d}, so that it matters nowhere else which of the two it is.
 *
 * @param high the first half of its first address
 * @param low the other half
 * @param bits which its addresses have in common, of 128
 */
public record Network(long high, long low, int bits) {
    private static final Pattern ADDRESS = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");
    private static final int HALF = Long.SIZE;
    private static final int ALL = 2 * HALF;
    private static final int V4_BYTES = 4;
    private static final int V4_BITS = 32;
    private static final long V4_MARK = 0xffffL << V4_BITS;
    private static final long V4_MASK = 0xffff_ffffL;

    /** {@code 10.0.0.0/8}, {@code 2001:db8::/32}, or one address; empty where it is neither, or has bits beyond its prefix. */
    public static Optional<Network> parse(String text) {
        int slash = text.indexOf('/');
        byte[] address = bytes(slash < 0 ? text : text.substring(0, slash));
        if (address == null) {
            return Optional.empty();
        }
        int most = address.length * Byte.SIZE;
        String prefix = slash < 0 ? Integer.toString(most) : text.substring(slash + 1);
        if (!prefix.matches("\\d{1,3}") || Integer.parseInt(prefix) > most) {
            return Optional.empty();
        }
        int bits = ALL - most + Integer.parseInt(prefix);
        Network network = new Network(high(address), low(address), bits);
        return network.isWhole() ? Optional.of(network) : Optional.empty();
    }

    /** Whether an address is in it. */
    public boolean contains(InetAddress address) {
        byte[] bytes = address.getAddress();
        return ((high(bytes) ^ high) & mask(bits)) == 0 && ((low(bytes) ^ low) & mask(bits - HALF)) == 0;
    }

    /** What one customer has, as a number: an address of IPv4, a network of 64 bits of IPv6. */
    public static long site(InetAddress address) {
        byte[] bytes = address.getAddress();
        long high = high(bytes);
        return high == 0 ? low(bytes) : high;
    }

    private static byte @Nullable [] bytes(String text) {
        try {
            return ADDRESS.matcher(text).matches() ? InetAddress.ofLiteral(text).getAddress() : null;
        } catch (IllegalArgumentException _) {
            return null;
        }
    }

    private boolean isWhole() {
        return (high & ~mask(bits)) == 0 && (low & ~mask(bits - HALF)) == 0;
    }

    /** The first {@code bits} of a half. */
    private static long mask(int bits) {
        return bits <= 0 ? 0 : -1L << (HALF - Math.min(HALF, bits));
    }

    private static long high(byte[] address) {
        return address.length == V4_BYTES ? 0 : ByteBuffer.wrap(address).getLong();
    }

    private static long low(byte[] address) {
        return address.length == V4_BYTES
                ? V4_MARK | (ByteBuffer.wrap(address).getInt() & V4_MASK)
                : ByteBuffer.wrap(address).getLong(Long.BYTES);
    }
}
