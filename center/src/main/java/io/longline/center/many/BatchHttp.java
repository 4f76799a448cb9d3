package io.longline.center.many;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.center.message.MessageAnswer;
import io.longline.center.push.Push;
import io.longline.center.unicast.Sender;
import io.longline.keeper.error.ErrorTranslator;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.http.HttpRequest;
import io.longline.keeper.http.HttpResponse;
import io.longline.keeper.http.Json;
import io.longline.keeper.product.Product;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code POST /v1/messages:batch}: up to 500 messages, each as if it had come alone. Those of one user are sent in the order of the list,
 * those of different users side by side.
 */
public final class BatchHttp {
    private static final Logger log = LoggerFactory.getLogger(BatchHttp.class);
    private static final int OK = 200;
    private static final int ACCEPTED = 202;

    /** Of the body: 500 of the usual greatest payload, and room around them. */
    private static final long MAX_BYTES = 4 << 20;

    /** Users of one request that are sent to at the same moment. */
    private static final int AT_ONCE = 64;

    private final Sender sender;

    public BatchHttp(Sender sender) {
        this.sender = sender;
    }

    /** What became of an entry. */
    private sealed interface Outcome {}

    private record Done(Sender.Sent sent) implements Outcome {}

    private record Failed(LonglineException error) implements Outcome {}

    public HttpResponse send(HttpRequest request) {
        List<BatchBody.Entry> entries = BatchBody.read(request.attached(Product.class), request.body(MAX_BYTES));
        String id = request.requestId();
        Outcome[] outcomes = new Outcome[entries.size()];
        Map<String, List<Integer>> ofUsers = new LinkedHashMap<>();
        for (int i = 0; i < outcomes.length; i++) {
            switch (entries.get(i)) {
                case BatchBody.Wrong(var problem) -> outcomes[i] = new Failed(problem);
                case BatchBody.Good(Push push) ->
                    ofUsers.computeIfAbsent(push.targets().getFirst().user(), _ -> new ArrayList<>())
                            .add(i);
            }
        }
        sideBySide(
                AT_ONCE,
                ofUsers.values().stream()
                        .<Runnable>map(ofUser -> () -> ofUser.forEach(i -> outcomes[i] = send(entries.get(i), id)))
                        .toList());
        sideBySide(
                outcomes.length, // the time to wait is that of each
                IntStream.range(0, outcomes.length)
                        .filter(i -> waits(outcomes[i]))
                        .<Runnable>mapToObj(i -> () -> outcomes[i] = awaitAcks(outcomes[i]))
                        .toList());
        return answer(List.of(outcomes), id);
    }

    private Outcome send(BatchBody.Entry entry, String requestId) {
        try {
            return new Done(sender.send(((BatchBody.Good) entry).push(), requestId));
        } catch (LonglineException e) {
            return new Failed(e);
        } catch (RuntimeException e) { // the others go on
            log.error("an entry of a batch failed request_id={}", requestId, e);
            return new Failed(ErrorTranslator.fromAny(e));
        }
    }

    private static boolean waits(Outcome outcome) {
        return outcome instanceof Done(Sender.Sent sent)
                && !sent.push().options().ackWait().isZero();
    }

    private Outcome awaitAcks(Outcome outcome) {
        return outcome instanceof Done(Sender.Sent sent) ? new Done(sender.awaitAcks(sent)) : outcome;
    }

    /** Returns when all are done. */
    private static void sideBySide(int atOnce, List<Runnable> tasks) {
        Semaphore room = new Semaphore(atOnce);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Runnable task : tasks) {
                room.acquireUninterruptibly();
                threads.execute(() -> {
                    try {
                        task.run();
                    } finally {
                        room.release();
                    }
                });
            }
        }
    }

    private static HttpResponse answer(List<Outcome> outcomes, String requestId) {
        ObjectNode json = Json.object();
        ArrayNode responses = json.putArray("responses");
        int successes = 0;
        boolean open = false;
        for (Outcome outcome : outcomes) {
            switch (outcome) {
                case Done(Sender.Sent sent) -> {
                    MessageAnswer answer = sent.answer();
                    responses.add(answer.toJson());
                    open |= answer.httpStatus() == ACCEPTED;
                    successes++;
                }
                case Failed(LonglineException error) -> responses.add(ErrorTranslator.toNode(error, requestId));
            }
        }
        json.put("success_count", successes).put("failure_count", outcomes.size() - successes);
        return HttpResponse.json(open ? ACCEPTED : OK, json);
    }
}
