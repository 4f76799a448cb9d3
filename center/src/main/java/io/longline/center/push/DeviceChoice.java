package io.longline.center.push;

/** Which of a user's known devices are meant when none is named. */
public enum DeviceChoice {
    ALL,
    /** The one that was bound last of those that are online; where none is, the one that was seen last. */
    LATEST
}
