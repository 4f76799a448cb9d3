package io.longline.deploy.faults;

import io.longline.deploy.service.ServiceKind;
import java.util.Locale;

/** What a part of the cluster is. */
public enum PartKind {
    DISPATCHER,
    REGISTER,
    SAVER,
    COORDINATOR,
    CENTER,
    ROOM,
    REDIS,
    MYSQL,
    ZOOKEEPER;

    static PartKind of(ServiceKind kind) {
        return valueOf(kind.name());
    }

    /** {@code room}, {@code redis}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public boolean isStore() {
        return this == REDIS || this == MYSQL || this == ZOOKEEPER;
    }
}
