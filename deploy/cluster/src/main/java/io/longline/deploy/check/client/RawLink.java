package io.longline.deploy.check.client;

import io.longline.deploy.check.history.Uplink;
import java.io.IOException;
import java.util.List;

/** A link as the contract describes it, without anything of ours between. Calls may come from any thread. */
interface RawLink {

    /** Hears what the room says, in order, on one thread at a time; the end comes last and once. */
    interface Ear {
        void heard(Heard frame);

        /** The end, and why, in words. */
        void ended(String how);
    }

    void hello(int heartbeatS, List<Wish> binds) throws IOException;

    void bind(Wish wish) throws IOException;

    void unbind(int ref, boolean forget) throws IOException;

    void ack(int ref, long seq) throws IOException;

    void subscribe(int ref, String topic) throws IOException;

    void unsubscribe(int ref, String topic) throws IOException;

    void ackTopic(int ref, String topic, long offset) throws IOException;

    void uplink(int ref, Uplink uplink, String text) throws IOException;

    void ping() throws IOException;

    /** Bytes that no client of ours would say. */
    void garbage(byte[] bytes) throws IOException;

    /** Reads no more, and lets the room find out. */
    void stopReading();

    /** Gone without a word; the ear hears of it unless it had ended before. */
    void drop();
}
