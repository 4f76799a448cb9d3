package io.longline.bench.rig;

import io.longline.deploy.faults.FaultCluster;
import io.longline.keeper.rpc.BatchMethod;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.rpc.Peer;
import io.longline.keeper.rpc.Peers;
import io.longline.rpc.v1.EveryoneReply;
import io.longline.rpc.v1.EveryoneRequest;
import io.longline.rpc.v1.FanoutGrpc;
import io.longline.rpc.v1.Message;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Asks rooms to bring a message to all their sessions. */
public final class RoomsClient implements AutoCloseable {
    private static final BatchMethod<EveryoneRequest, EveryoneReply> EVERYONE =
            BatchMethod.of(FanoutGrpc.getEveryoneMethod(), EveryoneRequest.class, EveryoneReply.class);
    private static final Duration WITHIN = Duration.ofSeconds(30);

    private final ClusterPeers members;
    private final Peers rooms;

    RoomsClient(FaultCluster cluster) {
        this.members = new ClusterPeers(cluster);
        this.rooms = members.of("room");
    }

    /**
     * How many sessions a message was handed to.
     *
     * @param dropped sessions whose clients take things too slowly
     */
    public record Told(long written, long dropped) {

        /** Both. */
        public Told plus(Told other) {
            return new Told(written + other.written, dropped + other.dropped);
        }
    }

    /** To all sessions of a product, QoS 0. Ends when all rooms have visited theirs. */
    public CompletableFuture<Told> tellEverybody(String product, String text) {
        long now = System.currentTimeMillis();
        EveryoneRequest request = EveryoneRequest.newBuilder()
                .setProduct(product)
                .setMessage(Message.newBuilder().setText(text).setSentAtMs(now).setExpiresAtMs(now + WITHIN.toMillis()))
                .build();
        List<CompletableFuture<EveryoneReply>> replies =
                rooms.all().stream().map(room -> ask(room, request)).toList();
        return CompletableFuture.allOf(replies.toArray(CompletableFuture[]::new))
                .thenApply(all -> {
                    Told told = new Told(0, 0);
                    for (CompletableFuture<EveryoneReply> reply : replies) {
                        told = told.plus(
                                new Told(reply.join().getWritten(), reply.join().getDropped()));
                    }
                    return told;
                });
    }

    private static CompletableFuture<EveryoneReply> ask(Peer room, EveryoneRequest request) {
        return room.call(EVERYONE, request, Deadline.after(WITHIN));
    }

    @Override
    public void close() {
        members.close();
    }
}
