package io.longline.saver;

import io.longline.keeper.admin.AdminConfig;
import io.longline.keeper.config.ConfigReader;
import io.longline.keeper.discovery.ZkConfig;
import io.longline.keeper.redis.RedisConfig;
import io.longline.keeper.rpc.RpcConfig;
import io.longline.saver.away.AwayConfig;
import io.longline.saver.budget.BudgetConfig;
import io.longline.saver.journal.JournalConfig;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * What a saver is told at its start.
 *
 * @param instance its name among the savers of the cluster
 * @param advertiseHost under which the other services reach it
 * @param startWait how long it waits for MySQL and the first rebuild before it announces itself all the same
 */
public record SaverConfig(
        String instance,
        String advertiseHost,
        ZkConfig zookeeper,
        RpcConfig rpc,
        AdminConfig admin,
        RedisConfig redis,
        JournalConfig journal,
        BudgetConfig budget,
        AwayConfig away,
        Duration startWait) {

    public static SaverConfig read(ConfigReader reader) {
        return new SaverConfig(
                reader.text("instance", "saver-" + sixRandom()),
                reader.text("advertise.host", "127.0.0.1"),
                ZkConfig.read(reader),
                RpcConfig.read(reader),
                AdminConfig.read(reader),
                RedisConfig.read(reader),
                JournalConfig.read(reader),
                BudgetConfig.read(reader),
                AwayConfig.read(reader),
                reader.duration("saver.start-wait", "10s"));
    }

    private static String sixRandom() {
        return "%06x".formatted(ThreadLocalRandom.current().nextInt(1 << 24));
    }
}
