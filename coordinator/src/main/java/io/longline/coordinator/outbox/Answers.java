package io.longline.coordinator.outbox;

import com.google.protobuf.ByteString;
import java.util.List;

/** What is done with what a back end says when it takes events. */
public interface Answers {

    /**
     * Whatever becomes of it, the events were taken.
     *
     * @param taken all of one stream
     */
    void take(List<Event> taken, ByteString answer);
}
