package io.longline.dispatcher.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.dispatcher.dispatch.CallerRegions.Entry;
import io.longline.keeper.net.Network;
import io.longline.keeper.net.Networks;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who asks, and where that is. */
class CallersTest {
    private static final Networks PROXIES = new Networks(List.of(network("10.9.0.0/24"), network("2001:db8::/64")));

    private static Network network(String text) {
        return Network.parse(text).orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.7,,192.0.2.7",
        "192.0.2.7,'198.51.100.1',192.0.2.7",
        "10.9.0.3,'198.51.100.1',198.51.100.1",
        "10.9.0.3,'203.0.113.5, 198.51.100.1',198.51.100.1",
        "10.9.0.3,'198.51.100.1,10.9.0.4 , 10.9.0.5',198.51.100.1",
        "10.9.0.3,'2001:db8:1::9, 2001:db8::2',2001:db8:1:0:0:0:0:9",
        "10.9.0.3,,10.9.0.3",
        "10.9.0.3,'unknown',",
        "somewhere,,"
    })
    void ofWhatProxiesSayOnlyTheWordOfOursCounts(String peer, String forwardedFor, String caller) {
        assertThat(Callers.of(peer, Optional.ofNullable(forwardedFor), PROXIES).map(InetAddress::getHostAddress))
                .isEqualTo(Optional.ofNullable(caller));
    }

    @Test
    void theSmallestNetworkSaysWhere() {
        CallerRegions regions = new CallerRegions(
                List.of(new Entry(network("10.2.0.0/16"), "sh/unicom"), new Entry(network("10.0.0.0/8"), "bj")));
        assertThat(regions.of(InetAddress.ofLiteral("10.2.3.4"))).isEqualTo("sh/unicom");
        assertThat(regions.of(InetAddress.ofLiteral("10.3.3.4"))).isEqualTo("bj");
        assertThat(regions.of(InetAddress.ofLiteral("192.0.2.7"))).isEmpty();
    }
}
