package io.longline.keeper.rpc;

import io.longline.rpc.v1.HandOverReply;
import io.longline.rpc.v1.HandOverRequest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** A handler that answers nothing until it is opened, and remembers what it was given. */
final class Gate implements BatchHandler<HandOverRequest, HandOverReply> {
    private final CountDownLatch open = new CountDownLatch(1);
    private final List<List<Long>> batches = Collections.synchronizedList(new ArrayList<>());

    @Override
    public List<HandOverReply> handle(List<HandOverRequest> requests, Deadline deadline) {
        batches.add(requests.stream().map(HandOverRequest::getSeq).toList());
        try {
            open.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return Calls.replies(requests);
    }

    void open() {
        open.countDown();
    }

    /** The seqs of each batch that was begun. */
    List<List<Long>> batches() {
        synchronized (batches) {
            return List.copyOf(batches);
        }
    }

    List<Long> seqs() {
        return batches().stream().flatMap(List::stream).toList();
    }
}
