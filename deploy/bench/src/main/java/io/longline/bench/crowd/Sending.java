package io.longline.bench.crowd;

/** How clients send uplinks. */
public enum Sending {
    /** Whether or not those before were answered, each once. */
    OPEN,
    /** The next one when the one before was acknowledged; one that was not is sent again under its id, as an SDK does. */
    PATIENT,
    /** Likewise, but no new ones. */
    LAST
}
