package io.longline.saver;

import io.longline.keeper.config.ConfigReader;
import io.longline.keeper.life.ServiceProcess;

/** Runs a saver as a process. */
public final class SaverMain {

    private SaverMain() {}

    public static void main(String[] args) {
        ServiceProcess.run("saver", args, source -> {
            ConfigReader reader = new ConfigReader(source);
            SaverConfig config = SaverConfig.read(reader);
            reader.finish();
            return new SaverServer(config).start();
        });
    }
}
