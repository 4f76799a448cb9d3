package io.longline.room;

import io.longline.keeper.config.ConfigSource;
import io.longline.keeper.life.ServiceProcess;

/** The process. */
public final class RoomMain {

    private RoomMain() {}

    public static void main(String[] args) {
        ServiceProcess.run("room", args, RoomMain::checked, source -> new RoomServer(source).start());
    }

    private static ConfigSource checked(ConfigSource source) {
        var _ = RoomConfig.read(source);
        return source;
    }
}
