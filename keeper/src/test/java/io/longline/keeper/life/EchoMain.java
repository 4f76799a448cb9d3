package io.longline.keeper.life;

import io.longline.keeper.config.ConfigReader;
import io.longline.keeper.config.ConfigSource;
import io.longline.keeper.discovery.ZkConfig;

/** A service that says what it was configured with, and when it is closed. */
final class EchoMain {
    private EchoMain() {}

    private record EchoConfig(int size, String from, boolean broken) {}

    public static void main(String[] args) {
        ServiceProcess.run("echo", args, EchoMain::read, EchoMain::start);
    }

    private static EchoConfig read(ConfigSource source) {
        ConfigReader reader = new ConfigReader(source);
        ZkConfig.read(reader);
        EchoConfig config = new EchoConfig(
                reader.integer("echo.size", 1, 1, 10),
                reader.text("echo.from", "default"),
                reader.flag("echo.broken", false));
        reader.finish();
        return config;
    }

    private static AutoCloseable start(EchoConfig config) {
        if (config.broken()) {
            throw new IllegalStateException("the port is taken");
        }
        System.out.println("running size=" + config.size() + " from=" + config.from());
        return () -> System.out.println("closed");
    }
}
