package io.longline.saver.journal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class MysqlSettingsTest {

    @Test
    void aMysqlThatFlushesItsCommitsIsAsItShouldBe() {
        assertThat(MysqlSettings.warnings(1, false, 0)).isEmpty();
        assertThat(MysqlSettings.warnings(1, true, 1)).isEmpty();
    }

    @Test
    void whatALossOfPowerWouldLoseIsTold() {
        assertThat(MysqlSettings.warnings(2, false, 0))
                .singleElement()
                .asString()
                .contains("innodb_flush_log_at_trx_commit 2");
        assertThat(MysqlSettings.warnings(0, true, 0)).hasSize(2);
        assertThat(MysqlSettings.warnings(1, true, 100))
                .singleElement()
                .asString()
                .contains("sync_binlog 100");
    }
}
