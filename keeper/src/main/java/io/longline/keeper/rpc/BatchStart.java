package io.longline.keeper.rpc;

import com.google.protobuf.Message;
import java.time.Duration;
import java.util.List;

/** How a batch is begun. Does not wait for what it begins. */
@FunctionalInterface
interface BatchStart<Q extends Message, A extends Message> {
    void begin(List<Q> requests, Deadline deadline, BatchWork<A> work);

    /** All requests on one thread. */
    static <Q extends Message, A extends Message> BatchStart<Q, A> together(PartialHandler<Q, A> handler) {
        return (requests, deadline, work) -> Thread.startVirtualThread(() -> {
            try {
                deadline.check();
                handler.handle(requests, deadline, work);
                work.end();
            } catch (Throwable e) {
                work.failRest(e);
            }
        });
    }

    /**
     * Each request on a thread of its own, which holds that request and not the batch.
     *
     * @param patience how long a reply waits for the others
     */
    static <Q extends Message, A extends Message> BatchStart<Q, A> sideBySide(
            ItemHandler<Q, A> handler, Duration patience) {
        return (requests, deadline, work) -> {
            work.patience(patience);
            for (int i = 0; i < requests.size(); i++) {
                int index = i;
                Q request = requests.get(i);
                Thread.startVirtualThread(() -> {
                    A reply;
                    try {
                        deadline.check();
                        reply = handler.handle(request, deadline);
                    } catch (Throwable e) {
                        reply = work.failure(e);
                    }
                    work.bring(index, reply);
                });
            }
        };
    }
}
