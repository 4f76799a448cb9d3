package io.longline.coordinator;

import io.longline.keeper.config.ConfigReader;
import io.longline.keeper.life.ServiceProcess;

/** The process: reads its configuration, starts, and closes on SIGTERM. */
public final class CoordinatorMain {

    private CoordinatorMain() {}

    public static void main(String[] args) {
        ServiceProcess.run("coordinator", args, source -> CoordinatorConfig.read(new ConfigReader(source)), config -> {
            CoordinatorServer server = new CoordinatorServer(config);
            server.start();
            return server;
        });
    }
}
