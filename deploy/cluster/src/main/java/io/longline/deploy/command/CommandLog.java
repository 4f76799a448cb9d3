package io.longline.deploy.command;

import io.longline.keeper.life.JavaLogging;
import java.nio.file.Path;

/**
 * Where the log of a command goes; {@code logback.xml} reads these properties when the first class that logs is loaded, so
 * a command decides before it does anything else. Unless told otherwise, warnings go to standard error.
 */
final class CommandLog {

    private CommandLog() {}

    /** A cluster's: everything to {@code longline.log} in its data folder; the terminal is for its operator. */
    static void toFile(Path data) {
        System.setProperty("longline.log.file", data.resolve("longline.log").toString());
        System.setProperty("longline.log.appender", "FILE");
        atLength();
        JavaLogging.bridge();
    }

    /** A service's: everything to standard output, where its unit or container expects it. */
    static void toOutput() {
        System.setProperty("longline.log.appender", "OUTPUT");
        atLength();
    }

    private static void atLength() {
        System.setProperty("longline.log.level", "INFO");
        System.setProperty("longline.log.zookeeper", "WARN");
    }
}
