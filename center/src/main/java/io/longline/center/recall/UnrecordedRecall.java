package io.longline.center.recall;

import io.longline.center.endpoint.Endpoint;
import io.longline.center.message.MessageAnswer;
import io.longline.center.message.MessageClient;
import io.longline.center.push.Target;
import io.longline.center.result.EndpointResult;
import io.longline.center.wire.Unanswered;
import io.longline.keeper.rpc.Deadline;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Recalls a message where its id was claimed for it and no record tells of it: whoever was sending it there failed half way, died, or is
 * still at it. What is there is recalled, what comes later is refused, and the record tells what was found.
 */
final class UnrecordedRecall {
    /** As a push goes to them, so that a list takes turns with all else. */
    private static final int TARGETS_AT_ONCE = 250;

    private final MessageClient messages;
    private final Whereabouts whereabouts;

    UnrecordedRecall(MessageClient messages, Whereabouts whereabouts) {
        this.messages = messages;
        this.whereabouts = whereabouts;
    }

    void run(String product, MessageAnswer message, Deadline deadline) {
        List<Target> targets = message.claimed();
        for (int from = 0; from < targets.size(); from += TARGETS_AT_ONCE) {
            List<Target> some = targets.subList(from, Math.min(targets.size(), from + TARGETS_AT_ONCE));
            recall(product, message.messageId(), some, deadline);
        }
    }

    private void recall(String product, String messageId, List<Target> targets, Deadline deadline) {
        List<List<CompletableFuture<Optional<EndpointResult>>>> asked =
                whereabouts.of(product, targets, deadline).stream()
                        .map(endpoints -> refuse(endpoints, messageId, deadline))
                        .toList();
        List<EndpointResult> found = new ArrayList<>();
        List<Target> told = new ArrayList<>();
        List<Target> never = new ArrayList<>();
        for (int i = 0; i < targets.size(); i++) {
            List<EndpointResult> copies = asked.get(i).stream()
                    .flatMap(one -> Unanswered.join("saver", one).stream())
                    .distinct() // "default" leads to its heir
                    .toList();
            found.addAll(copies);
            (copies.isEmpty() ? never : told).add(targets.get(i));
        }
        messages.recordRecall(product, messageId, found, told, never, deadline);
    }

    private List<CompletableFuture<Optional<EndpointResult>>> refuse(
            List<Endpoint> endpoints, String messageId, Deadline deadline) {
        return endpoints.stream()
                .map(endpoint -> messages.refuseAt(endpoint, messageId, deadline))
                .toList();
    }
}
