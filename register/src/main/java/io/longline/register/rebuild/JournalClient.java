package io.longline.register.rebuild;

import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.rpc.Peers;
import io.longline.register.endpoint.FollowNote;
import io.longline.register.endpoint.Wire;
import io.longline.rpc.v1.DeviceJournalGrpc;
import io.longline.rpc.v1.DeviceReadRequest;
import io.longline.rpc.v1.FollowReadRequest;
import java.util.function.Consumer;

/** Reads devices, and what is followed, from the journal. */
public final class JournalClient {
    private final Peers savers;

    public JournalClient(Peers savers) {
        this.savers = savers;
    }

    /** All devices of a shard, the forgotten ones too, one after the other, on the caller's thread; some twice where a saver falls silent on the way. */
    void devices(int shard, Deadline deadline, Consumer<JournaledDevice> each) {
        DeviceReadRequest request = DeviceReadRequest.newBuilder()
                .setShard(shard)
                .setForgottenToo(true)
                .build();
        savers.stream(
                shard,
                DeviceJournalGrpc.getReadMethod(),
                request,
                deadline,
                row -> each.accept(new JournaledDevice(
                        Wire.endpoint(row.getEndpoint()), row.getGeneration(), row.getForgotten())));
    }

    /** The same for all that is followed in a shard, or is no more. */
    void follows(int shard, Deadline deadline, Consumer<FollowNote> each) {
        FollowReadRequest request =
                FollowReadRequest.newBuilder().setShard(shard).build();
        savers.stream(
                shard,
                DeviceJournalGrpc.getReadFollowsMethod(),
                request,
                deadline,
                row -> each.accept(new FollowNote(
                        Wire.endpointOrUser(row.getEndpoint()),
                        Wire.topic("topic", row.getTopic()),
                        row.getFollows(),
                        Wire.offset("from", row.getFrom()),
                        Wire.positive("version", row.getVersion()),
                        row.getAgainstUser())));
    }
}
