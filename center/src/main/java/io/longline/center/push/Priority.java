package io.longline.center.push;

/** Which endpoint's work goes first where work waits; never reorders one inbox. */
public enum Priority {
    HIGH,
    NORMAL,
    LOW
}
