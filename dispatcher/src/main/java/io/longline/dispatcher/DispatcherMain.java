package io.longline.dispatcher;

import io.longline.keeper.config.ConfigReader;
import io.longline.keeper.config.ConfigSource;
import io.longline.keeper.life.ServiceProcess;

/** The process: reads its configuration, starts, and closes on SIGTERM. */
public final class DispatcherMain {

    private DispatcherMain() {}

    public static void main(String[] args) {
        ServiceProcess.run("dispatcher", args, DispatcherMain::checked, source -> {
            DispatcherServer server = new DispatcherServer(source);
            server.start();
            return server;
        });
    }

    private static ConfigSource checked(ConfigSource source) {
        var _ = DispatcherConfig.read(new ConfigReader(source));
        return source;
    }
}
