package io.longline.center;

import io.longline.keeper.config.ConfigReader;
import io.longline.keeper.life.ServiceProcess;

/** The process: reads its configuration, starts, and closes on SIGTERM. */
public final class CenterMain {

    private CenterMain() {}

    public static void main(String[] args) {
        ServiceProcess.run("center", args, source -> CenterConfig.read(new ConfigReader(source)), config -> {
            CenterServer server = new CenterServer(config);
            server.start();
            return server;
        });
    }
}
