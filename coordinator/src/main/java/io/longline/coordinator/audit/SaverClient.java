package io.longline.coordinator.audit;

import io.longline.keeper.rpc.BatchMethod;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.rpc.Peers;
import io.longline.keeper.shard.Shards;
import io.longline.rpc.v1.InboxesGrpc;
import io.longline.rpc.v1.LoadReply;
import io.longline.rpc.v1.LoadRequest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Saver, as the auditor needs it: it only looks, and nothing counts as loaded. */
final class SaverClient implements Inboxes {
    private static final Logger log = LoggerFactory.getLogger(SaverClient.class);
    private static final BatchMethod<LoadRequest, LoadReply> LOAD =
            BatchMethod.of(InboxesGrpc.getLoadMethod(), LoadRequest.class, LoadReply.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Peers savers;

    SaverClient(Peers savers) {
        this.savers = savers;
    }

    @Override
    public List<Long> waiting(List<SeenSession> sessions) {
        Deadline deadline = Deadline.after(PATIENCE);
        List<CompletableFuture<Long>> asked = sessions.stream()
                .map(session -> savers.call(
                                Shards.key(
                                        session.endpoint().product(),
                                        session.endpoint().user()),
                                LOAD,
                                LoadRequest.newBuilder()
                                        .setEndpoint(AuditWire.endpoint(session.endpoint()))
                                        .setAfter(session.sent())
                                        .setLimit(1)
                                        .build(),
                                deadline)
                        .handle((reply, error) -> first(session, reply, error)))
                .toList();
        return asked.stream().map(CompletableFuture::join).toList();
    }

    private static long first(SeenSession session, LoadReply reply, Throwable error) {
        if (error != null) {
            log.debug("nobody tells what waits endpoint={} error={}", session.endpoint(), error.getMessage());
            return UNKNOWN;
        }
        return reply.getMessagesCount() == 0 ? NOTHING : reply.getMessages(0).getSeq();
    }
}
