package io.longline.center.kit;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.rpc.v1.Endpoint;
import io.longline.rpc.v1.RecordRequest;
import io.longline.rpc.v1.SettleRequest;
import io.longline.rpc.v1.Stage;
import io.longline.rpc.v1.TimelineEntry;
import io.longline.rpc.v1.TimelineReply;
import io.longline.rpc.v1.TimelineRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a saver notes of the way of its messages; its owner's lock is around it. */
final class FakeTimeline {
    private final Map<String, List<TimelineEntry>> copies = new HashMap<>();
    private final Map<String, TimelineEntry> accepted = new HashMap<>();

    void accepted(RecordRequest request) {
        TimelineEntry entry = TimelineEntry.newBuilder()
                .setStage(Stage.STAGE_ACCEPTED)
                .setAtMs(request.getAcceptedAtMs())
                .setNode(request.getNode())
                .build();
        accepted.putIfAbsent(request.getProduct() + "/" + request.getMessageId(), entry);
    }

    void stored(Endpoint endpoint, String messageId) {
        note(endpoint, messageId, Stage.STAGE_STORED, System.currentTimeMillis(), "saver-1", "");
    }

    void settled(SettleRequest request) {
        String id = request.getMessageId();
        long now = System.currentTimeMillis();
        String node = request.getNode();
        switch (request.getState()) {
            case STORED -> routed(request, now);
            case WRITTEN -> {
                routed(request, now);
                note(request.getEndpoint(), id, Stage.STAGE_WRITTEN, now, node, "");
            }
            default -> {
                Stage stage = Stage.valueOf("STAGE_" + request.getState().name());
                note(request.getEndpoint(), id, stage, now, node, request.getReason());
            }
        }
    }

    private void routed(SettleRequest request, long now) {
        if (!request.getNode().isEmpty()) {
            long atMs = now - request.getRoutedMs();
            note(request.getEndpoint(), request.getMessageId(), Stage.STAGE_ROUTED, atMs, request.getNode(), "");
        }
    }

    private void note(Endpoint endpoint, String messageId, Stage stage, long atMs, String node, String reason) {
        copies.computeIfAbsent(endpoint.getProduct() + "/" + messageId, _ -> new ArrayList<>())
                .add(TimelineEntry.newBuilder()
                        .setStage(stage)
                        .setAtMs(atMs)
                        .setNode(node)
                        .setUser(endpoint.getUser())
                        .setDevice(endpoint.getDevice())
                        .setReason(reason)
                        .build());
    }

    TimelineReply tell(TimelineRequest request) {
        String key = request.getProduct() + "/" + request.getMessageId();
        TimelineEntry first = accepted.get(key);
        if (first == null) {
            throw new LonglineException(ErrorCode.MESSAGE_NOT_FOUND, "there is no message " + request.getMessageId());
        }
        return TimelineReply.newBuilder()
                .addEntries(first)
                .addAllEntries(copies.getOrDefault(key, List.of()))
                .addEntries(TimelineEntry.newBuilder().setStageValue(99)) // of a release to come
                .build();
    }
}
