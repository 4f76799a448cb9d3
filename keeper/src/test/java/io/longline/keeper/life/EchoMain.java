package io.longline.keeper.life;

import io.longline.keeper.config.ConfigReader;
import io.longline.keeper.discovery.ZkConfig;

/** A service that says what it was configured with, and when it is closed. */
final class EchoMain {
    private EchoMain() {}

    public static void main(String[] args) {
        ServiceProcess.run("echo", args, source -> {
            ConfigReader reader = new ConfigReader(source);
            ZkConfig.read(reader);
            int size = reader.integer("echo.size", 1, 1, 10);
            String from = reader.text("echo.from", "default");
            boolean broken = reader.flag("echo.broken", false);
            reader.finish();
            if (broken) {
                throw new IllegalStateException("the port is taken");
            }
            System.out.println("running size=" + size + " from=" + from);
            return () -> System.out.println("closed");
        });
    }
}
