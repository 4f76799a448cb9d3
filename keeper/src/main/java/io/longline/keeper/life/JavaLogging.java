package io.longline.keeper.life;

import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import org.slf4j.bridge.SLF4JBridgeHandler;

/** Leads what libraries log through {@code java.util.logging} (gRPC, Helidon) into ours. */
public final class JavaLogging {
    private JavaLogging() {}

    /** Once a process, before anything else. From warnings on: what they say at INFO is about themselves. */
    public static void bridge() {
        LogManager.getLogManager().reset();
        SLF4JBridgeHandler.install();
        Logger.getLogger("").setLevel(Level.WARNING);
    }
}
