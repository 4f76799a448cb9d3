package io.longline.center.wire;

import com.google.protobuf.UnsafeByteOperations;
import io.longline.center.endpoint.Endpoint;
import io.longline.center.endpoint.KnownDevice;
import io.longline.center.endpoint.KnownUser;
import io.longline.center.endpoint.Location;
import io.longline.center.endpoint.Place;
import io.longline.center.endpoint.Route;
import io.longline.center.push.Outgoing;
import io.longline.center.push.Payload;
import io.longline.center.push.Priority;
import io.longline.center.push.Target;
import io.longline.center.result.EndpointResult;
import io.longline.center.result.Status;
import io.longline.keeper.error.LonglineException;
import io.longline.rpc.v1.ClaimedTarget;
import io.longline.rpc.v1.Copy;
import io.longline.rpc.v1.DevicesReply;
import io.longline.rpc.v1.LocateReply;
import io.longline.rpc.v1.Message;
import io.longline.rpc.v1.SettleRequest;
import io.longline.rpc.v1.Stage;
import io.longline.rpc.v1.State;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/** Center's records as generated messages, and back. */
public final class Wire {
    private static final String TOPIC = "topic";

    private Wire() {}

    public static io.longline.rpc.v1.Endpoint endpoint(Endpoint endpoint) {
        return io.longline.rpc.v1.Endpoint.newBuilder()
                .setProduct(endpoint.product())
                .setUser(endpoint.user())
                .setDevice(endpoint.device())
                .build();
    }

    public static Endpoint endpoint(io.longline.rpc.v1.Endpoint endpoint) {
        return new Endpoint(endpoint.getProduct(), endpoint.getUser(), endpoint.getDevice());
    }

    public static io.longline.rpc.v1.Place place(Place place) {
        return io.longline.rpc.v1.Place.newBuilder()
                .setRoom(place.room())
                .setIncarnation(place.incarnation())
                .setLoop(place.loop())
                .setSlot(place.slot())
                .setSlotGeneration(place.slotGeneration())
                .build();
    }

    static Route route(io.longline.rpc.v1.Route route) {
        io.longline.rpc.v1.Place place = route.getPlace();
        return new Route(
                new Place(
                        place.getRoom(),
                        place.getIncarnation(),
                        place.getLoop(),
                        place.getSlot(),
                        place.getSlotGeneration()),
                route.getGeneration(),
                route.getSinceMs());
    }

    public static Location location(LocateReply reply) {
        return switch (reply.getWhereCase()) {
            case ONLINE -> new Location.Online(route(reply.getOnline()));
            case OFFLINE -> new Location.Offline();
            case UNKNOWN, WHERE_NOT_SET ->
                new Location.Unknown(LonglineException.dependencyDown("redis", "places are being refilled", null));
        };
    }

    private static KnownDevice knownDevice(io.longline.rpc.v1.KnownDevice device) {
        return new KnownDevice(
                device.getDevice(),
                device.getLastSeenMs(),
                device.getNetwork(),
                device.hasRoute() ? route(device.getRoute()) : null);
    }

    public static KnownUser knownUser(DevicesReply reply) {
        return new KnownUser(
                reply.getDevicesList().stream().map(Wire::knownDevice).toList(),
                reply.getTopicsList().stream().sorted().toList());
    }

    public static Message message(Outgoing message) {
        Message.Builder wire = Message.newBuilder()
                .setMessageId(message.id())
                .setSentAtMs(message.sentAtMs())
                .setExpiresAtMs(message.expiresAtMs())
                .setPriority(priority(message.options().priority()))
                .setQos(message.options().qos())
                .setInReplyTo(message.options().inReplyTo())
                .setPullKey(message.options().pullKey())
                .setCollapseKey(message.options().collapseKey())
                .setNotifyOnly(message.options().notifyOnly())
                .setSpreadS((int) message.options().spread().toSeconds());
        switch (message.payload()) {
            case Payload.Text text -> wire.setText(text.text());
            case Payload.Binary binary -> wire.setData(UnsafeByteOperations.unsafeWrap(binary.bytes()));
            case Payload.None _ -> {}
        }
        return wire.build();
    }

    public static io.longline.rpc.v1.Priority priority(Priority priority) {
        return switch (priority) {
            case HIGH -> io.longline.rpc.v1.Priority.PRIORITY_HIGH;
            case NORMAL -> io.longline.rpc.v1.Priority.PRIORITY_NORMAL;
            case LOW -> io.longline.rpc.v1.Priority.PRIORITY_LOW;
        };
    }

    /** One that only a newer release knows is a normal one. */
    public static Priority priority(io.longline.rpc.v1.Priority priority) {
        return switch (priority) {
            case PRIORITY_HIGH -> Priority.HIGH;
            case PRIORITY_LOW -> Priority.LOW;
            case PRIORITY_NORMAL, UNRECOGNIZED -> Priority.NORMAL;
        };
    }

    public static Copy copy(EndpointResult result) {
        Copy.Builder copy = Copy.newBuilder()
                .setUser(result.user())
                .setDevice(result.device())
                .setSeq(result.seq())
                .setState(state(result.status()));
        if (result.reason() != null) {
            copy.setReason(result.reason());
        }
        return copy.build();
    }

    public static EndpointResult result(Copy copy) {
        return new EndpointResult(
                copy.getUser(),
                copy.getDevice(),
                status(copy.getState()),
                copy.getReason().isEmpty() ? null : copy.getReason(),
                copy.getSeq());
    }

    public static State state(Status status) {
        return switch (status) {
            case ACCEPTED, NO_TARGET -> State.STATE_UNSPECIFIED;
            case SCHEDULED -> State.SCHEDULED;
            case STORED -> State.STORED;
            case WRITTEN -> State.WRITTEN;
            case ACKED -> State.ACKED;
            case EXPIRED -> State.EXPIRED;
            case COLLAPSED -> State.COLLAPSED;
            case RECALLED -> State.RECALLED;
            case DROPPED -> State.DROPPED;
        };
    }

    /** As it stands in JSON; empty: only a newer release knows it. */
    public static Optional<String> stage(Stage stage) {
        return switch (stage) {
            case STAGE_UNSPECIFIED, UNRECOGNIZED -> Optional.empty();
            default -> Optional.of(stage.name().substring("STAGE_".length()).toLowerCase(Locale.ROOT));
        };
    }

    /** A state that only a newer release knows counts as the least that is certain: the copy is in the store. */
    public static Status status(State state) {
        return switch (state) {
            case STORED, STATE_UNSPECIFIED, UNRECOGNIZED -> Status.STORED;
            case SCHEDULED -> Status.SCHEDULED;
            case WRITTEN -> Status.WRITTEN;
            case ACKED -> Status.ACKED;
            case EXPIRED -> Status.EXPIRED;
            case COLLAPSED -> Status.COLLAPSED;
            case RECALLED -> Status.RECALLED;
            case DROPPED -> Status.DROPPED;
        };
    }

    /** Whatever copy is there, if nobody was sent it; {@code seq} 0: not known. */
    public static SettleRequest recall(Endpoint endpoint, long seq, String messageId, String node) {
        return SettleRequest.newBuilder()
                .setEndpoint(endpoint(endpoint))
                .setSeq(seq)
                .setMessageId(messageId)
                .setState(state(Status.RECALLED))
                .setNode(node)
                .build();
    }

    /** Likewise, and what comes there later is refused. */
    public static SettleRequest refuse(Endpoint endpoint, String messageId, String node) {
        return recall(endpoint, 0, messageId, node).toBuilder().setRefuse(true).build();
    }

    public static ClaimedTarget claimed(Target target) {
        return ClaimedTarget.newBuilder()
                .setUser(target.user())
                .setDevice(Objects.requireNonNullElse(target.device(), ""))
                .build();
    }

    /** What the id of a message to a topic is claimed for. No push has a target like it: with a device, and one that is chosen. */
    public static ClaimedTarget claimedForTopic(String topic) {
        return ClaimedTarget.newBuilder()
                .setUser(topic)
                .setDevice(TOPIC)
                .setChosen(TOPIC)
                .build();
    }

    /** The topic of such a one; empty: it is a target of a push. */
    public static Optional<String> topic(ClaimedTarget claimed) {
        boolean ofTopic = !claimed.getDevice().isEmpty() && !claimed.getChosen().isEmpty();
        return ofTopic ? Optional.of(claimed.getUser()) : Optional.empty();
    }

    public static Target target(ClaimedTarget claimed) {
        return new Target(claimed.getUser(), claimed.getDevice().isEmpty() ? null : claimed.getDevice());
    }
}
