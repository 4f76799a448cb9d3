package io.longline.stores.junit;

import io.longline.stores.EmbeddedMariaDb;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * An empty database for a test class, on a MariaDB which all test classes of this JVM share and which ends with it: its
 * installation takes seconds. Whoever stops or pauses the store must start it again. Register it in a static field.
 */
public final class MariaDbExtension implements BeforeAllCallback {
    private static final AtomicInteger databases = new AtomicInteger();

    private @Nullable EmbeddedMariaDb mariaDb;
    private String database = "";

    @Override
    public void beforeAll(ExtensionContext context) {
        mariaDb = Shared.STORE;
        database = "longline_" + databases.incrementAndGet();
    }

    /** The server that all share. */
    public EmbeddedMariaDb store() {
        if (mariaDb == null) {
            throw new IllegalStateException("register MariaDbExtension in a static field");
        }
        return mariaDb;
    }

    /** The database of this test class, user and password included. */
    public String jdbcUrl() {
        return store().jdbcUrl(database);
    }

    /** Started when the first test class asks for it. */
    private static final class Shared {
        static final EmbeddedMariaDb STORE = start();

        private static EmbeddedMariaDb start() {
            EmbeddedMariaDb store = EmbeddedMariaDb.temporary();
            EndOfJvm.close(store);
            return store.start();
        }
    }
}
