package io.longline.deploy.faults;

import io.longline.deploy.service.ServiceKind;

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

    public boolean isStore() {
        return this == REDIS || this == MYSQL || this == ZOOKEEPER;
    }
}
