package io.longline.coordinator.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import io.longline.keeper.http.Json;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class EventJsonTest {

    private static JsonNode told(String kind, Map<String, String> fields, ByteString payload) {
        Event event = new Event(new Stream(7, "shop", kind), 1234, 99, "u1", "phone", 41, fields, payload);
        return Json.parse(EventJson.body(List.of(event))).path("events").path(0);
    }

    @Test
    void whatBecameOfAMessageIsToldUnderTheSeqOfItsInbox() {
        JsonNode told = told(
                "message",
                Map.of(
                        EventFields.TYPE, "message.dropped",
                        EventFields.MESSAGE_ID, "order-1",
                        EventFields.SEQ, "555",
                        EventFields.REASON, "offline"),
                ByteString.EMPTY);

        assertThat(told).isEqualTo(Json.parse("""
                                {"id": "message.7.1234", "type": "message.dropped", "product": "shop", "user": "u1", "device": "phone",
                                 "message_id": "order-1", "generation": 41, "seq": 555, "ts_ms": 99, "reason": "offline"}
                                """.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    }

    @Test
    void anUplinkHasItsOwnSeqAndNoFieldsOfOthers() {
        JsonNode told = told(
                "uplink.order",
                Map.of(EventFields.UPLINK_ID, "i1", EventFields.PAYLOAD_KIND, EventFields.TEXT, EventFields.PLACE, "p"),
                ByteString.copyFromUtf8("hello"));

        assertThat(told).isEqualTo(Json.parse("""
                                {"id": "uplink.order.7.1234", "uplink_id": "i1", "type": "uplink.order", "product": "shop", "user": "u1",
                                 "device": "phone", "generation": 41, "seq": 1234, "ts_ms": 99, "text": "hello"}
                                """.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    }
}
