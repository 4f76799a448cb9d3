package io.longline.register.testing;

import io.longline.keeper.discovery.Announcement;
import io.longline.keeper.discovery.ZkDiscovery;
import io.longline.keeper.error.ErrorTranslator;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.rpc.BatchMethod;
import io.longline.keeper.rpc.RpcConfig;
import io.longline.keeper.rpc.RpcServer;
import io.longline.keeper.rpc.RpcService;
import io.longline.keeper.shard.Shards;
import io.longline.register.endpoint.Endpoint;
import io.longline.register.endpoint.Wire;
import io.longline.rpc.v1.DeviceJournalGrpc;
import io.longline.rpc.v1.DeviceReadRequest;
import io.longline.rpc.v1.DeviceRow;
import io.longline.rpc.v1.NoteReply;
import io.longline.rpc.v1.NoteRequest;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** A saver's device journal over real gRPC, kept in memory; its database can be taken away. */
public final class SaverPeer implements AutoCloseable {
    private static final BatchMethod<NoteRequest, NoteReply> NOTE =
            BatchMethod.of(DeviceJournalGrpc.getNoteMethod(), NoteRequest.class, NoteReply.class);

    private final Map<Endpoint, NoteRequest> notes = new ConcurrentHashMap<>();
    private final RpcServer server;
    private final Announcement announcement;
    private volatile boolean databaseDown;
    private volatile Consumer<NoteRequest> onNote = note -> {};

    public SaverPeer(ZkDiscovery discovery) {
        RpcService journal = RpcService.of(DeviceJournalGrpc.getServiceDescriptor())
                .batched(
                        NOTE,
                        (requests, deadline) ->
                                requests.stream().map(this::note).toList())
                .streaming(DeviceJournalGrpc.getReadMethod(), this::read);
        server = new RpcServer(RpcConfig.defaults(), new SimpleMeterRegistry(), List.of(journal));
        server.start();
        announcement = discovery.announce(Nodes.node("saver", "saver-1", 1, server.port()));
    }

    public void databaseDown(boolean down) {
        databaseDown = down;
    }

    /** Called with each note before it is taken. */
    public void onNote(Consumer<NoteRequest> listener) {
        onNote = listener;
    }

    /** The note that counts for this device, if there is one. */
    public boolean knows(Endpoint endpoint) {
        NoteRequest note = notes.get(endpoint);
        return note != null && !note.getForgotten();
    }

    @Override
    public void close() {
        announcement.close();
        server.close();
    }

    private NoteReply note(NoteRequest request) {
        onNote.accept(request);
        if (databaseDown) {
            return NoteReply.newBuilder()
                    .setError(ErrorTranslator.toStatus(down()))
                    .build();
        }
        notes.merge(
                Wire.endpoint(request.getEndpoint()),
                request,
                (before, now) -> now.getGeneration() >= before.getGeneration() ? now : before);
        return NoteReply.getDefaultInstance();
    }

    private void read(DeviceReadRequest request, Consumer<DeviceRow> each) {
        if (databaseDown) {
            throw down();
        }
        notes.forEach((endpoint, note) -> {
            if (!note.getForgotten() && Shards.of(endpoint.product(), endpoint.user()) == request.getShard()) {
                each.accept(DeviceRow.newBuilder()
                        .setEndpoint(note.getEndpoint())
                        .setGeneration(note.getGeneration())
                        .setSeenMs(note.getGeneration() / 1024)
                        .build());
            }
        });
    }

    private static LonglineException down() {
        return LonglineException.dependencyDown("mysql", "the test took it away", null);
    }
}
