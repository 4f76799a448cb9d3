package io.longline.saver.backlog;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.rpc.BatchMethod;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.rpc.RpcService;
import io.longline.rpc.v1.BacklogsGrpc;
import io.longline.rpc.v1.LetGoReply;
import io.longline.rpc.v1.LetGoRequest;
import io.longline.rpc.v1.MoveOutReply;
import io.longline.rpc.v1.MoveOutRequest;
import io.longline.rpc.v1.OpenBacklogReply;
import io.longline.rpc.v1.OpenBacklogRequest;
import io.longline.rpc.v1.ReadBacklogReply;
import io.longline.rpc.v1.ReadBacklogRequest;
import io.longline.saver.SaverMetrics;
import io.longline.saver.journal.MysqlDatabase;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The service {@code Backlogs}. */
public final class BacklogGrpcService {
    private static final int LONGEST_PAGE = 1_000;
    private static final long LARGEST_PAGE = 8 << 20;

    private final MysqlBacklog backlog;
    private final SaverMetrics metrics;

    public BacklogGrpcService(MysqlDatabase database, BacklogConfig config, SaverMetrics metrics) {
        this.backlog = new MysqlBacklog(database, config);
        this.metrics = metrics;
    }

    public RpcService service() {
        return RpcService.of(BacklogsGrpc.getServiceDescriptor())
                .sideBySide(
                        BatchMethod.of(
                                BacklogsGrpc.getOpenBacklogMethod(), OpenBacklogRequest.class, OpenBacklogReply.class),
                        (request, _) -> open(request))
                .sideBySide(
                        BatchMethod.of(BacklogsGrpc.getMoveOutMethod(), MoveOutRequest.class, MoveOutReply.class),
                        (request, _) -> moveOut(request))
                .sideBySide(
                        BatchMethod.of(
                                BacklogsGrpc.getReadBacklogMethod(), ReadBacklogRequest.class, ReadBacklogReply.class),
                        (request, _) -> read(request))
                .sideBySide(
                        BatchMethod.of(BacklogsGrpc.getLetGoMethod(), LetGoRequest.class, LetGoReply.class),
                        this::letGo);
    }

    private OpenBacklogReply open(OpenBacklogRequest request) {
        int shard = BacklogStream.requireShard("shard", request.getShard());
        Optional<List<MysqlBacklog.Size>> sizes = backlog.open(shard, request.getFence());
        OpenBacklogReply.Builder reply = OpenBacklogReply.newBuilder().setStale(sizes.isEmpty());
        sizes.orElse(List.of()).forEach(size -> reply.addSizes(BacklogMessages.of(size)));
        return reply.build();
    }

    private MoveOutReply moveOut(MoveOutRequest request) {
        BacklogStream stream = BacklogMessages.read(request.getStream());
        List<BacklogEvent> events =
                request.getEventsList().stream().map(BacklogMessages::read).toList();
        try {
            boolean moved = backlog.keep(stream, request.getFence(), events);
            metrics.backlogKept(moved ? events.size() : 0);
            return MoveOutReply.newBuilder().setStale(!moved).build();
        } catch (LonglineException e) {
            if (e.code() == ErrorCode.QUEUE_FULL) {
                metrics.backlogRefused();
            }
            throw e;
        }
    }

    private ReadBacklogReply read(ReadBacklogRequest request) {
        MysqlBacklog.Page page = backlog.read(
                BacklogMessages.read(request.getStream()),
                request.getAfter(),
                Math.clamp(request.getMax(), 1, LONGEST_PAGE),
                Math.clamp(request.getMaxBytes(), 1, LARGEST_PAGE));
        ReadBacklogReply.Builder reply = ReadBacklogReply.newBuilder().setMore(page.more());
        page.events().forEach(event -> reply.addEvents(BacklogMessages.of(event)));
        return reply.build();
    }

    private LetGoReply letGo(LetGoRequest request, Deadline deadline) {
        BacklogStream stream = BacklogMessages.read(request.getStream());
        Deadline half = deadline.atMost(Duration.ofNanos(deadline.remainingNanos() / 2));
        MysqlBacklog.Step step;
        do {
            step = backlog.letGo(stream, request.getFence(), request.getUpTo());
        } while (step == MysqlBacklog.Step.MORE && !half.passed());
        return LetGoReply.newBuilder()
                .setStale(step == MysqlBacklog.Step.STALE)
                .setMore(step == MysqlBacklog.Step.MORE)
                .build();
    }
}
