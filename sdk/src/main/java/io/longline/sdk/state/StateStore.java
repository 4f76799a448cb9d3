package io.longline.sdk.state;

import java.util.SortedMap;

/**
 * What must outlive the app, so that it gets each message once: for each endpoint the last seq that it finished with, and the one it is
 * handling; and the messages that it finished with but is still to pull something for. An endpoint is named {@code product/user/device}, in ASCII without space.
 * A topic of it has an entry of its own, {@code product/user/device/topic}, where seqs are offsets.
 *
 * <p>Only one client at a time may use an endpoint's entry. A method that throws means that the message was not handled, as with
 * a listener that throws.
 */
public interface StateStore {
    /** The last seq that was finished with; 0 where none is known. */
    long finished(String endpoint);

    /** The seq that was begun and not finished; 0 where there is none. */
    long handling(String endpoint);

    /** The listener is about to be called with {@code seq}. A killed process, though not a killed machine, must find this again. */
    void begin(String endpoint, long seq);

    /**
     * The listener has returned from {@code seq}: all up to it is finished with, and nothing of that is being handled. A client that was closed while its
     * listener ran may say so late, when the next one is further; so this only ever raises what is finished.
     */
    void finish(String endpoint, long seq);

    /** What is kept to be pulled, by seq, or for messages of topics by numbers below 0; a copy. */
    SortedMap<Long, String> pulls(String endpoint);

    /** Keeps a message to be pulled, in the place of what was kept for that seq or number; {@code pull} is ASCII without space, about 1 KiB at most. */
    void keepPull(String endpoint, long seq, String pull);

    /** The message was pulled, or is not to be any more. Without effect where nothing is kept. */
    void forgetPull(String endpoint, long seq);
}
