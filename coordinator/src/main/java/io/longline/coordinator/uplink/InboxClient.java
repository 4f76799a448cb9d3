package io.longline.coordinator.uplink;

import io.longline.keeper.error.ErrorTranslator;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.rpc.BatchMethod;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.rpc.Peer;
import io.longline.keeper.rpc.Peers;
import io.longline.keeper.shard.Shards;
import io.longline.rpc.v1.DeliveryGrpc;
import io.longline.rpc.v1.Endpoint;
import io.longline.rpc.v1.HandOverReply;
import io.longline.rpc.v1.HandOverRequest;
import io.longline.rpc.v1.InboxesGrpc;
import io.longline.rpc.v1.Message;
import io.longline.rpc.v1.Place;
import io.longline.rpc.v1.StoreReply;
import io.longline.rpc.v1.StoreRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts replies into inboxes, and tells the room from which the uplink came. */
public final class InboxClient {
    private static final Logger log = LoggerFactory.getLogger(InboxClient.class);
    private static final BatchMethod<StoreRequest, StoreReply> STORE =
            BatchMethod.of(InboxesGrpc.getStoreMethod(), StoreRequest.class, StoreReply.class);
    private static final BatchMethod<HandOverRequest, HandOverReply> HAND_OVER =
            BatchMethod.of(DeliveryGrpc.getHandOverMethod(), HandOverRequest.class, HandOverReply.class);
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    static final Duration TIME_TO_LIVE = Duration.ofDays(1);
    private static final int AT_LEAST_ONCE = 1;

    private final Peers savers;
    private final Peers rooms;

    public InboxClient(Peers savers, Peers rooms) {
        this.savers = savers;
        this.rooms = rooms;
    }

    /** What came of a reply. */
    enum Stored {
        /** It is in the inbox, and reaches the client as each message does. */
        YES,
        NOT_NOW,
        /** As it is, it never will be. */
        NEVER
    }

    /** What it is stored again for changes nothing. Never fails. */
    CompletableFuture<Stored> store(Reply reply) {
        Message message = Message.newBuilder()
                .setMessageId(reply.messageId())
                .setText(reply.text())
                .setSentAtMs(reply.atMs())
                .setExpiresAtMs(reply.atMs() + TIME_TO_LIVE.toMillis())
                .setQos(AT_LEAST_ONCE)
                .setInReplyTo(reply.inReplyTo())
                .build();
        Uplink.Sender to = reply.to();
        StoreRequest request = StoreRequest.newBuilder()
                .setEndpoint(Endpoint.newBuilder()
                        .setProduct(to.product())
                        .setUser(to.user())
                        .setDevice(to.device()))
                .setMessage(message)
                .build();
        return call(to, request).handle((stored, error) -> {
            if (error != null) {
                return refused(to, error);
            }
            if (!stored.getRepeated() && stored.getDevice().equals(to.device())) {
                hint(to, message, stored);
            }
            return Stored.YES;
        });
    }

    private CompletableFuture<StoreReply> call(Uplink.Sender to, StoreRequest request) {
        try {
            return savers.call(Shards.key(to.product(), to.user()), STORE, request, Deadline.after(PATIENCE));
        } catch (LonglineException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static Stored refused(Uplink.Sender to, Throwable error) {
        log.debug("reply not stored product={} error={}", to.product(), error.getMessage());
        return switch (ErrorTranslator.fromAny(error).code()) {
            case INVALID_ARGUMENT, PAYLOAD_TOO_LARGE -> Stored.NEVER;
            default -> Stored.NOT_NOW;
        };
    }

    /** What is lost of hints, center's sweep makes good. */
    private void hint(Uplink.Sender to, Message message, StoreReply stored) {
        Optional<Peer> room = rooms.byInstance(to.place().room());
        if (room.isEmpty()) {
            return;
        }
        Uplink.Place place = to.place();
        HandOverRequest request = HandOverRequest.newBuilder()
                .setPlace(Place.newBuilder()
                        .setRoom(place.room())
                        .setIncarnation(place.incarnation())
                        .setLoop(place.loop())
                        .setSlot(place.slot())
                        .setSlotGeneration(place.slotGeneration()))
                .setGeneration(to.generation())
                .setSeq(stored.getSeq())
                .setBefore(stored.getBefore())
                .setMessage(message)
                .build();
        try {
            var _ = room.get()
                    .call(HAND_OVER, request, Deadline.after(PATIENCE))
                    .exceptionally(error -> {
                        log.debug("hint not answered room={} error={}", place.room(), error.getMessage());
                        return HandOverReply.getDefaultInstance();
                    });
        } catch (LonglineException e) {
            log.debug("hint not sent room={} error={}", place.room(), e.getMessage());
        }
    }
}
