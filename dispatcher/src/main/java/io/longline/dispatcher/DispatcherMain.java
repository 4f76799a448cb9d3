package io.longline.dispatcher;

import io.longline.keeper.config.ConfigReader;
import io.longline.keeper.life.ServiceProcess;

/** The process: reads its configuration, starts, and closes on SIGTERM. */
public final class DispatcherMain {

    private DispatcherMain() {}

    public static void main(String[] args) {
        ServiceProcess.run("dispatcher", args, source -> DispatcherConfig.read(new ConfigReader(source)), config -> {
            DispatcherServer server = new DispatcherServer(config);
            server.start();
            return server;
        });
    }
}
