package io.longline.room.topic;

/** Counts what a client has asked for of topics and that takes time: whoever asks for much is not read from meanwhile. */
public interface UnderWay {

    void begun();

    /** It came to something, or the session has ended. */
    void ended();
}
