package io.longline.saver;

import io.longline.keeper.config.ConfigReader;
import io.longline.keeper.life.ServiceConfig;
import io.longline.keeper.redis.RedisConfig;
import io.longline.keeper.rpc.RpcConfig;
import io.longline.saver.away.AwayConfig;
import io.longline.saver.backlog.BacklogConfig;
import io.longline.saver.budget.BudgetConfig;
import io.longline.saver.deadletter.DeadLetterConfig;
import io.longline.saver.endpoint.MessageEventsConfig;
import io.longline.saver.journal.JournalConfig;
import io.longline.saver.topic.TopicConfig;
import java.time.Duration;

/**
 * What a saver is told at its start.
 *
 * @param lostShardPatience how long a call waits for the rebuild of a lost shard
 * @param startWait how long it waits for MySQL and the first rebuild before it announces itself all the same
 */
public record SaverConfig(
        ServiceConfig service,
        RpcConfig rpc,
        RedisConfig redis,
        JournalConfig journal,
        BudgetConfig budget,
        AwayConfig away,
        TopicConfig topic,
        MessageEventsConfig messageEvents,
        DeadLetterConfig deadLetters,
        BacklogConfig backlog,
        Duration lostShardPatience,
        Duration startWait) {

    public static SaverConfig read(ConfigReader reader) {
        return new SaverConfig(
                ServiceConfig.read(reader, "saver"),
                RpcConfig.read(reader),
                RedisConfig.read(reader),
                JournalConfig.read(reader),
                BudgetConfig.read(reader),
                AwayConfig.read(reader),
                TopicConfig.read(reader),
                MessageEventsConfig.read(reader),
                DeadLetterConfig.read(reader),
                BacklogConfig.read(reader),
                reader.duration("saver.lost-shard-patience", "2s"),
                reader.duration("saver.start-wait", "10s"));
    }
}
