package io.longline.keeper.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longline.keeper.config.ConfigException;
import io.longline.keeper.config.ConfigReader;
import io.longline.keeper.config.ConfigSource;
import java.net.InetAddress;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworksTest {

    private static Networks read(String text) {
        ConfigReader reader = new ConfigReader(
                ConfigSource.builder().flags(Map.of("net.list", text)).build());
        Networks networks = Networks.read(reader, "net.list");
        reader.finish();
        return networks;
    }

    private static InetAddress address(String text) {
        return InetAddress.ofLiteral(text);
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8,       10.255.255.255, true",
        "10.0.0.0/8,       11.0.0.0,       false",
        "192.0.2.7,        192.0.2.7,      true",
        "192.0.2.7,        192.0.2.6,      false",
        "0.0.0.0/0,        203.0.113.9,    true",
        "0.0.0.0/0,        2001:db8::1,    false",
        "::/0,             2001:db8::1,    true",
        "2001:db8::/33,    2001:db8:7fff::1, true",
        "2001:db8::/33,    2001:db8:8000::1, false",
        "2001:db8::/96,    2001:db8::ffff:ffff, true",
        "2001:db8::/96,    2001:db8::1:0:0, false",
    })
    void anAddressIsInANetworkOrNot(String network, String address, boolean in) {
        assertThat(read(network).contain(address(address))).isEqualTo(in);
    }

    @Test
    void oneOfSeveralIsEnough() {
        Networks networks = read("10.0.0.0/8, 192.0.2.0/24");

        assertThat(networks.contain(address("192.0.2.200"))).isTrue();
        assertThat(networks.contain(address("192.0.3.1"))).isFalse();
        assertThat(read("").isEmpty()).isTrue();
        assertThat(networks).isEqualTo(read("10.0.0.0/8,192.0.2.0/24"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"10.0.0.0/33", "10.0.0.0/", "10/8", "10.0.0.1/8", "2001:db8::/129", "example.com", "1.2.3", "/8"
            })
    void whatIsNoNetworkIsNamed(String text) {
        assertThatThrownBy(() -> read("10.0.0.0/8," + text))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("net.list")
                .hasMessageContaining("\"" + text + "\" is none");
    }

    @Test
    void addressesOfOneCustomerHaveTheSameNumber() {
        assertThat(Network.site(address("192.0.2.7"))).isNotEqualTo(Network.site(address("192.0.2.8")));
        assertThat(Network.site(address("2001:db8:0:1::1"))).isEqualTo(Network.site(address("2001:db8:0:1:ffff::2")));
        assertThat(Network.site(address("2001:db8:0:1::1"))).isNotEqualTo(Network.site(address("2001:db8:0:2::1")));
    }
}
