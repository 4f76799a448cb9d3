package io.longline.stores.junit;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.Socket;
import java.sql.Connection;
import java.sql.DriverManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class StoreExtensionsIT {

    @RegisterExtension
    static final RedisExtension redis = new RedisExtension();

    @RegisterExtension
    static final ZooKeeperExtension zooKeeper = new ZooKeeperExtension();

    @RegisterExtension
    static final MariaDbExtension mariaDb = new MariaDbExtension();

    @RegisterExtension
    static final MariaDbExtension otherDatabase = new MariaDbExtension();

    @Test
    void redisAndZooKeeperServeWhileTheClassRuns() throws Exception {
        try (Socket one =
                        new Socket(InetAddress.getLoopbackAddress(), redis.uri().getPort());
                Socket two = new Socket(
                        InetAddress.getLoopbackAddress(), zooKeeper.store().port())) {
            assertThat(one.isConnected()).isTrue();
            assertThat(two.isConnected()).isTrue();
        }
    }

    @Test
    void eachMariaDbExtensionHasADatabaseOfItsOwnOnOneServer() throws Exception {
        assertThat(mariaDb.store()).isSameAs(otherDatabase.store());
        try (Connection one = DriverManager.getConnection(mariaDb.jdbcUrl());
                Connection two = DriverManager.getConnection(otherDatabase.jdbcUrl())) {
            assertThat(one.getCatalog()).isNotEqualTo(two.getCatalog());
        }
    }
}
