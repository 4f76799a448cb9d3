package io.longline.center.deadletter;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.keeper.http.Json;
import java.util.Base64;

/** A dead letter as back ends see it: with the fields of the event, as it is posted to callbacks, and why it is dead. */
final class DeadLetterAnswer {
    /** What coordinator calls what an event says. */
    private static final String TYPE = "y";

    private static final String EVENT_REASON = "r";
    private static final String UPLINK_ID = "i";
    private static final String PAYLOAD_KIND = "k";
    private static final String MESSAGE_ID = "m";
    /** Of a message in its inbox. */
    private static final String MESSAGE_SEQ = "s";

    private DeadLetterAnswer() {}

    static ObjectNode inList(DeadLetter letter) {
        String type = letter.field(TYPE);
        ObjectNode json = Json.object().put("id", letter.id()).put("kind", letter.kind());
        putGiven(json, "uplink_id", letter.field(UPLINK_ID));
        json.put("type", type.isEmpty() ? letter.kind() : type).put("user", letter.user());
        putGiven(json, "device", letter.device());
        putGiven(json, "message_id", letter.field(MESSAGE_ID));
        String messageSeq = letter.field(MESSAGE_SEQ);
        json.put("generation", letter.generation())
                .put("seq", messageSeq.isEmpty() ? letter.seq() : Long.parseLong(messageSeq))
                .put("ts_ms", letter.atMs());
        putGiven(json, "event_reason", letter.field(EVENT_REASON));
        return json.put("died_at_ms", letter.death().atMs())
                .put("reason", letter.death().reason());
    }

    static ObjectNode whole(DeadLetter letter) {
        ObjectNode json = inList(letter);
        switch (letter.field(PAYLOAD_KIND)) {
            case "text" -> json.put("text", letter.payload().toStringUtf8());
            case "data" ->
                json.put(
                        "data",
                        Base64.getEncoder().encodeToString(letter.payload().toByteArray()));
            default -> {} // it has none
        }
        return json;
    }

    private static void putGiven(ObjectNode json, String name, String value) {
        if (!value.isEmpty()) {
            json.put(name, value);
        }
    }
}
