package io.longline.keeper.discovery;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;

/** What a member is ready for. */
public enum NodeState {
    /** Takes new work. */
    READY,
    /** Finishes what it has; on its way out. */
    DRAINING,
    /** Goes on with what it has, takes nothing new. A state that a newer release wrote is read as this one. */
    @JsonEnumDefaultValue
    FULL
}
