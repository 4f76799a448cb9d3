package io.longline.saver.device;

import io.longline.keeper.error.LonglineException;
import io.longline.keeper.id.Ids;
import io.longline.keeper.rpc.BatchMethod;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.rpc.RpcService;
import io.longline.keeper.shard.Shards;
import io.longline.rpc.v1.DeviceJournalGrpc;
import io.longline.rpc.v1.DeviceReadRequest;
import io.longline.rpc.v1.DeviceRow;
import io.longline.rpc.v1.FollowReadRequest;
import io.longline.rpc.v1.FollowRow;
import io.longline.rpc.v1.NoteFollowReply;
import io.longline.rpc.v1.NoteFollowRequest;
import io.longline.rpc.v1.NoteReply;
import io.longline.rpc.v1.NoteRequest;
import io.longline.saver.endpoint.Endpoint;
import io.longline.saver.endpoint.ProductPolicy;
import io.longline.saver.endpoint.Topic;
import io.longline.saver.journal.Journal;
import io.longline.saver.journal.JournalEntry.Device;
import io.longline.saver.journal.JournalEntry.Follow;
import io.longline.saver.journal.MysqlReader;
import io.longline.saver.journal.MysqlTopicReader;
import java.time.Clock;
import java.util.List;
import java.util.function.Consumer;

/** The service {@code DeviceJournal}. */
public final class DeviceJournalGrpcService {
    private final Journal journal;
    private final MysqlReader reader;
    private final MysqlTopicReader topics;
    private final ProductPolicy products;
    private final Clock clock;

    public DeviceJournalGrpcService(
            Journal journal, MysqlReader reader, MysqlTopicReader topics, ProductPolicy products, Clock clock) {
        this.journal = journal;
        this.reader = reader;
        this.topics = topics;
        this.products = products;
        this.clock = clock;
    }

    public RpcService service() {
        return RpcService.of(DeviceJournalGrpc.getServiceDescriptor())
                .sideBySide(
                        BatchMethod.of(DeviceJournalGrpc.getNoteMethod(), NoteRequest.class, NoteReply.class),
                        this::note)
                .sideBySide(
                        BatchMethod.of(
                                DeviceJournalGrpc.getNoteFollowMethod(),
                                NoteFollowRequest.class,
                                NoteFollowReply.class),
                        this::noteFollow)
                .streaming(DeviceJournalGrpc.getReadFollowsMethod(), this::readFollows)
                .streaming(DeviceJournalGrpc.getReadMethod(), this::read);
    }

    private NoteReply note(NoteRequest request, Deadline deadline) {
        var named = request.getEndpoint();
        Endpoint endpoint = Endpoint.checked(named.getProduct(), named.getUser(), named.getDevice());
        long generation = number("generation", request.getGeneration());
        Device device = new Device(endpoint, generation, clock.millis(), request.getForgotten());
        journal.keep(products.durability(endpoint), List.of(device)).await(deadline);
        return NoteReply.getDefaultInstance();
    }

    private NoteFollowReply noteFollow(NoteFollowRequest request, Deadline deadline) {
        var named = request.getEndpoint();
        Endpoint endpoint = new Endpoint(
                Ids.requireProduct("endpoint.product", named.getProduct()),
                Ids.require("endpoint.user", named.getUser()),
                named.getDevice().isEmpty() ? "" : Ids.require("endpoint.device", named.getDevice()));
        Follow follow = new Follow(
                endpoint,
                Topic.checkedFollowedName(request.getTopic()),
                says(request),
                number("from", request.getFrom()),
                number("version", request.getVersion()));
        journal.keep(products.durability(endpoint), List.of(follow)).await(deadline);
        return NoteFollowReply.getDefaultInstance();
    }

    private static Follow.Says says(NoteFollowRequest request) {
        if (!request.getAgainstUser()) {
            return request.getFollows() ? Follow.Says.FOLLOWS : Follow.Says.NOTHING;
        }
        if (request.getFollows() || request.getEndpoint().getDevice().isEmpty()) {
            throw LonglineException.invalid(
                    "against_user", "is set, expected only of a device that does not follow the topic");
        }
        return Follow.Says.AGAINST_USER;
    }

    private static long number(String field, long unsigned) {
        if (unsigned < 0) {
            throw LonglineException.invalid(field, "is 2^63 or more, expected one below 2^53");
        }
        return unsigned;
    }

    private void readFollows(FollowReadRequest request, Consumer<FollowRow> each) {
        int shard = Shards.require("shard", request.getShard());
        topics.follows(shard, follow -> each.accept(row(follow)));
    }

    private static FollowRow row(Follow follow) {
        return FollowRow.newBuilder()
                .setEndpoint(endpoint(follow.endpoint()))
                .setTopic(follow.topic())
                .setFollows(follow.says() == Follow.Says.FOLLOWS)
                .setAgainstUser(follow.says() == Follow.Says.AGAINST_USER)
                .setFrom(follow.from())
                .setVersion(follow.version())
                .build();
    }

    private static io.longline.rpc.v1.Endpoint endpoint(Endpoint endpoint) {
        return io.longline.rpc.v1.Endpoint.newBuilder()
                .setProduct(endpoint.product())
                .setUser(endpoint.user())
                .setDevice(endpoint.device())
                .build();
    }

    private void read(DeviceReadRequest request, Consumer<DeviceRow> each) {
        int shard = Shards.require("shard", request.getShard());
        reader.devices(shard, device -> {
            if (request.getForgottenToo() || !device.forgotten()) {
                each.accept(row(device));
            }
        });
    }

    private static DeviceRow row(Device device) {
        return DeviceRow.newBuilder()
                .setEndpoint(endpoint(device.endpoint()))
                .setGeneration(device.generation())
                .setSeenMs(device.seenMs())
                .setForgotten(device.forgotten())
                .build();
    }
}
