package io.longline.saver;

import io.longline.keeper.config.ConfigReader;
import io.longline.keeper.config.ConfigSource;
import io.longline.keeper.life.ServiceProcess;

/** Runs a saver as a process. */
public final class SaverMain {

    private SaverMain() {}

    public static void main(String[] args) {
        ServiceProcess.run("saver", args, SaverMain::read, config -> new SaverServer(config).start());
    }

    private static SaverConfig read(ConfigSource source) {
        ConfigReader reader = new ConfigReader(source);
        SaverConfig config = SaverConfig.read(reader);
        reader.finish();
        return config;
    }
}
