package io.longline.room;

import io.longline.keeper.config.ConfigReader;
import io.longline.keeper.config.ConfigSource;
import io.longline.keeper.life.ServiceProcess;

/** The process. */
public final class RoomMain {

    private RoomMain() {}

    public static void main(String[] args) {
        ServiceProcess.run("room", args, RoomMain::read, config -> new RoomServer(config).start());
    }

    private static RoomConfig read(ConfigSource source) {
        ConfigReader reader = new ConfigReader(source);
        RoomConfig config = RoomConfig.read(reader);
        reader.finish();
        return config;
    }
}
