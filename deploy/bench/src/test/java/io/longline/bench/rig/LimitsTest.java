package io.longline.bench.rig;

import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longline.deploy.cluster.ClusterException;
import org.junit.jupiter.api.Test;

class LimitsTest {

    @Test
    void tooFewFilesAreSaidWithWhatToDo() {
        assertThatNoException().isThrownBy(() -> Limits.requireFiles(19_000, 20_000));
        assertThatThrownBy(() -> Limits.requireFiles(19_001, 20_000))
                .isInstanceOf(ClusterException.class)
                .hasMessage("19001 links need 20001 open files in one process, and it may have 20000:"
                        + " raise the limit (ulimit -n 20001), or take fewer");
    }

    @Test
    void tooFewPortsLikewise() {
        assertThatNoException().isThrownBy(() -> Limits.requirePorts(28_000, 32_768, 60_999));
        assertThatThrownBy(() -> Limits.requirePorts(30_000, 32_768, 60_999))
                .isInstanceOf(ClusterException.class)
                .hasMessageContaining("there are 28231: widen them (sysctl net.ipv4.ip_local_port_range");
    }
}
