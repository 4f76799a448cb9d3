package io.longline.center.message;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.center.push.Target;
import io.longline.center.result.EndpointResult;
import io.longline.center.result.Status;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a back end is told about one message.
 *
 * @param partial copies that it is not told of: the message failed at another device of the same user
 * @param recalled it goes to nobody more
 * @param claimed targets of which no record tells: it may be stored there, or come to be
 * @param topic of a message to one, which has no copies; null: it is none
 */
public record MessageAnswer(
        String messageId,
        List<EndpointResult> results,
        List<EndpointResult> partial,
        boolean recalled,
        List<Target> claimed,
        @Nullable TopicPlace topic) {
    private static final int OK = 200;
    private static final int ACCEPTED = 202;

    public MessageAnswer {
        results = List.copyOf(results);
        partial = List.copyOf(partial);
        claimed = List.copyOf(claimed);
    }

    public MessageAnswer(String messageId, List<EndpointResult> results) {
        this(messageId, results, List.of(), false, List.of(), null);
    }

    public Status status() {
        if (results.isEmpty() && recalled) {
            return Status.RECALLED;
        }
        return Status.ofMessage(results.stream().map(EndpointResult::status).toList());
    }

    public boolean isFinal() {
        return !results.isEmpty()
                && results.stream().allMatch(result -> result.status().isFinal());
    }

    /** 200 when no endpoint is left at accepted, scheduled or stored, or there is none; else 202. */
    public int httpStatus() {
        return !results.isEmpty() && status().isOpen() ? ACCEPTED : OK;
    }

    /** This answer, with every copy that is further advanced in the newer one replaced by that. */
    public MessageAnswer advancedBy(MessageAnswer newer) {
        return new MessageAnswer(
                messageId,
                results.stream().map(mine -> later(mine, newer)).toList(),
                partial,
                recalled,
                claimed,
                topic);
    }

    private static EndpointResult later(EndpointResult mine, MessageAnswer newer) {
        for (EndpointResult theirs : newer.results) {
            if (theirs.isSameCopy(mine)
                    && theirs.status().compareTo(mine.status()) > 0
                    && !mine.status().isFinal()) {
                return theirs;
            }
        }
        return mine;
    }

    public ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("message_id", messageId).put("status", status().text());
        write(results, json.putArray("results"));
        return json;
    }

    /** The entries of {@code results}. */
    public static void write(List<EndpointResult> results, ArrayNode entries) {
        for (EndpointResult result : results) {
            ObjectNode entry = entries.addObject();
            entry.put("user", result.user());
            if (!result.device().isEmpty()) {
                entry.put("device", result.device());
            }
            entry.put("status", result.status().text());
            if (result.reason() != null) {
                entry.put("reason", result.reason());
            }
            if (result.seq() != 0) {
                entry.put("seq", result.seq());
            }
        }
    }
}
