package io.longline.deploy.kit;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** While it is open, clusters that are started here are found in a home of their own and do not hide the shared one. */
public final class OwnHome implements AutoCloseable {
    private static final String PROPERTY = "longline.home";

    private final @Nullable String before = System.getProperty(PROPERTY);

    public OwnHome(Path home) {
        System.setProperty(PROPERTY, home.toString());
    }

    @Override
    public void close() {
        if (before == null) {
            System.clearProperty(PROPERTY);
        } else {
            System.setProperty(PROPERTY, before);
        }
    }
}
