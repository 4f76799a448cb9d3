package io.longline.saver.device;

import io.longline.keeper.error.LonglineException;
import io.longline.keeper.rpc.BatchMethod;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.rpc.RpcService;
import io.longline.keeper.shard.Shards;
import io.longline.rpc.v1.DeviceJournalGrpc;
import io.longline.rpc.v1.DeviceReadRequest;
import io.longline.rpc.v1.DeviceRow;
import io.longline.rpc.v1.NoteReply;
import io.longline.rpc.v1.NoteRequest;
import io.longline.saver.endpoint.Endpoint;
import io.longline.saver.endpoint.ProductPolicy;
import io.longline.saver.journal.Journal;
import io.longline.saver.journal.JournalEntry.Device;
import io.longline.saver.journal.MysqlReader;
import java.time.Clock;
import java.util.List;
import java.util.function.Consumer;

/** The service {@code DeviceJournal}. */
public final class DeviceJournalGrpcService {
    private final Journal journal;
    private final MysqlReader reader;
    private final ProductPolicy products;
    private final Clock clock;

    public DeviceJournalGrpcService(Journal journal, MysqlReader reader, ProductPolicy products, Clock clock) {
        this.journal = journal;
        this.reader = reader;
        this.products = products;
        this.clock = clock;
    }

    public RpcService service() {
        return RpcService.of(DeviceJournalGrpc.getServiceDescriptor())
                .sideBySide(
                        BatchMethod.of(DeviceJournalGrpc.getNoteMethod(), NoteRequest.class, NoteReply.class),
                        this::note)
                .streaming(DeviceJournalGrpc.getReadMethod(), this::read);
    }

    private NoteReply note(NoteRequest request, Deadline deadline) {
        var named = request.getEndpoint();
        Endpoint endpoint = Endpoint.checked(named.getProduct(), named.getUser(), named.getDevice());
        if (request.getGeneration() < 0) {
            throw LonglineException.invalid("generation", "is 2^63 or more, expected one below 2^53");
        }
        Device device = new Device(endpoint, request.getGeneration(), clock.millis(), request.getForgotten());
        journal.keep(products.durability(endpoint), List.of(device)).await(deadline);
        return NoteReply.getDefaultInstance();
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
                .setEndpoint(io.longline.rpc.v1.Endpoint.newBuilder()
                        .setProduct(device.endpoint().product())
                        .setUser(device.endpoint().user())
                        .setDevice(device.endpoint().device()))
                .setGeneration(device.generation())
                .setSeenMs(device.seenMs())
                .setForgotten(device.forgotten())
                .build();
    }
}
