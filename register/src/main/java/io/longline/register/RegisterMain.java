package io.longline.register;

import io.longline.keeper.config.ConfigReader;
import io.longline.keeper.config.ConfigSource;
import io.longline.keeper.life.ServiceProcess;

/** The process. */
public final class RegisterMain {

    private RegisterMain() {}

    public static void main(String[] args) {
        ServiceProcess.run("register", args, RegisterMain::read, config -> new RegisterServer(config).start());
    }

    private static RegisterConfig read(ConfigSource source) {
        ConfigReader reader = new ConfigReader(source);
        RegisterConfig config = RegisterConfig.read(reader);
        reader.finish();
        return config;
    }
}
