package io.longline.center.message;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.center.clock.StoreClock;
import io.longline.center.result.Status;
import io.longline.center.topic.SendId;
import io.longline.center.topic.Sent;
import io.longline.center.topic.TopicClient;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.http.Json;
import io.longline.keeper.rpc.Deadline;

/** The answer of a message to a topic, and its recall: there are no copies, its send tells of it. */
public final class MessageOfTopic {
    private final TopicClient topics;
    private final StoreClock clock;

    public MessageOfTopic(TopicClient topics, StoreClock clock) {
        this.topics = topics;
        this.clock = clock;
    }

    /** MESSAGE_NOT_FOUND where it left its log for lack of room, or an hour after it expired. */
    ObjectNode get(String product, String messageId, TopicPlace place, Deadline deadline) {
        try {
            return json(messageId, topics.sent(product, id(product, place), deadline), deadline);
        } catch (LonglineException e) {
            if (e.code() == ErrorCode.JOB_NOT_FOUND) {
                throw new LonglineException(
                        ErrorCode.MESSAGE_NOT_FOUND,
                        "message " + messageId + " is not in the log of topic " + place.topic() + " any more");
            }
            throw e;
        }
    }

    /** Nobody who reads from now on gets it. Who was sent it has it, as its send tells. */
    public ObjectNode recall(String product, String messageId, TopicPlace place, Deadline deadline) {
        long offset = topics.recall(product, place.topic(), messageId, deadline);
        TopicPlace found = new TopicPlace(place.topic(), offset);
        topics.recordRecall(product, place.topic(), messageId, offset, deadline);
        try {
            return json(messageId, topics.sent(product, id(product, found), deadline), deadline);
        } catch (LonglineException e) {
            if (e.code() == ErrorCode.JOB_NOT_FOUND) { // it had left its log long ago
                ObjectNode json = Json.object().put("message_id", messageId).put("status", Status.RECALLED.text());
                json.putArray("results");
                return json;
            }
            throw e;
        }
    }

    private static SendId id(String product, TopicPlace place) {
        return SendId.of(product, place.topic(), place.offset());
    }

    private ObjectNode json(String messageId, Sent sent, Deadline deadline) {
        ObjectNode json = Json.object()
                .put("message_id", messageId)
                .put("status", status(sent, deadline).text());
        json.putArray("results");
        return json.set("job", sent.toJson());
    }

    private Status status(Sent sent, Deadline deadline) {
        if (sent.recalled()) {
            return Status.RECALLED;
        }
        return sent.expiresAtMs() <= clock.millis(deadline) ? Status.EXPIRED : Status.STORED;
    }
}
