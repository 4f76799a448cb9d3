package io.longline.room.delivery;

import io.longline.room.session.Endpoint;
import io.longline.room.session.Message;
import io.longline.room.session.Place;
import io.longline.rpc.v1.Priority;

/** Our records and the messages of the services' contract, each as the other. */
public final class Messages {
    private Messages() {}

    public static io.longline.rpc.v1.Endpoint toRpc(Endpoint endpoint) {
        return io.longline.rpc.v1.Endpoint.newBuilder()
                .setProduct(endpoint.product())
                .setUser(endpoint.user())
                .setDevice(endpoint.device())
                .build();
    }

    public static io.longline.rpc.v1.Place toRpc(Place place) {
        return io.longline.rpc.v1.Place.newBuilder()
                .setRoom(place.room())
                .setIncarnation(place.incarnation())
                .setLoop(place.loop())
                .setSlot(place.slot())
                .setSlotGeneration(place.slotGeneration())
                .build();
    }

    public static Place fromRpc(io.longline.rpc.v1.Place place) {
        return new Place(
                place.getRoom(), place.getIncarnation(), place.getLoop(), place.getSlot(), place.getSlotGeneration());
    }

    public static Message fromRpc(io.longline.rpc.v1.Message message) {
        return new Message(
                message.getMessageId(),
                message.hasText() ? message.getText() : null,
                message.getData(),
                message.getSentAtMs(),
                message.getExpiresAtMs(),
                priority(message.getPriority()),
                message.getQos(),
                message.getCollapseKey(),
                message.getInReplyTo(),
                message.getPullKey(),
                message.getNotifyOnly(),
                message.getSpreadS());
    }

    private static String priority(Priority priority) {
        return switch (priority) {
            case PRIORITY_HIGH -> "high";
            case PRIORITY_LOW -> "low";
            case PRIORITY_NORMAL, UNRECOGNIZED -> "normal";
        };
    }
}
