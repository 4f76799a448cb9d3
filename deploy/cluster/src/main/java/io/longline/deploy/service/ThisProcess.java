package io.longline.deploy.service;

import io.longline.keeper.config.ConfigReader;
import io.longline.keeper.config.ConfigSource;
import io.longline.keeper.discovery.ZkConfig;
import io.longline.keeper.discovery.ZkSession;
import io.longline.keeper.live.ZkConfigNode;

/** Runs services in this process. They are configured by their plan and by ZooKeeper; the environment is not theirs. */
public final class ThisProcess implements ServiceHost {

    @Override
    public RunningService start(ServicePlan plan) {
        ServiceKind.Server server = plan.kind().start(configuration(plan));
        return new RunningService(plan, server.port(), server.adminPort(), server.handle());
    }

    private static ConfigSource configuration(ServicePlan plan) {
        ConfigSource given = ConfigSource.builder().flags(plan.flags()).build();
        try (ZkSession session = new ZkSession(ZkConfig.read(new ConfigReader(given)))) {
            session.start();
            return given.withZookeeper(new ZkConfigNode(session, plan.kind().word()).read());
        }
    }
}
