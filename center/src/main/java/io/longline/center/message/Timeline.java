package io.longline.center.message;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** What a message went through, in the order of time. */
record Timeline(String messageId, List<Entry> stages) {

    /**
     * A stage.
     *
     * @param atMs 0: not known
     * @param node who did it; empty where that is not known, and likewise the others where they do not apply
     */
    record Entry(String stage, long atMs, String node, String user, String device, String reason) {

        void write(ObjectNode json) {
            json.put("stage", stage);
            if (atMs != 0) {
                json.put("at_ms", atMs);
            }
            put(json, "node", node);
            put(json, "user", user);
            put(json, "device", device);
            put(json, "reason", reason);
        }

        private static void put(ObjectNode json, String field, String value) {
            if (!value.isEmpty()) {
                json.put(field, value);
            }
        }
    }

    Timeline {
        stages = List.copyOf(stages);
    }

    ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("message_id", messageId);
        ArrayNode entries = json.putArray("stages");
        stages.forEach(entry -> entry.write(entries.addObject()));
        return json;
    }
}
