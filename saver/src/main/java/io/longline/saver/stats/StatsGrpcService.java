package io.longline.saver.stats;

import io.longline.keeper.id.Ids;
import io.longline.keeper.redis.RedisStore;
import io.longline.keeper.rpc.BatchMethod;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.rpc.RpcService;
import io.longline.keeper.shard.Shards;
import io.longline.rpc.v1.CountReply;
import io.longline.rpc.v1.CountRequest;
import io.longline.rpc.v1.Happened;
import io.longline.rpc.v1.StatsGrpc;
import io.longline.rpc.v1.WaitingReply;
import io.longline.rpc.v1.WaitingRequest;
import io.longline.rpc.v1.WindowsReply;
import io.longline.rpc.v1.WindowsRequest;
import io.longline.saver.endpoint.ShardCalls;

/** The service {@code Stats}. */
public final class StatsGrpcService {
    private static final BatchMethod<CountRequest, CountReply> COUNT =
            BatchMethod.of(StatsGrpc.getCountMethod(), CountRequest.class, CountReply.class);
    private static final BatchMethod<WindowsRequest, WindowsReply> WINDOWS =
            BatchMethod.of(StatsGrpc.getWindowsMethod(), WindowsRequest.class, WindowsReply.class);
    private static final BatchMethod<WaitingRequest, WaitingReply> WAITING =
            BatchMethod.of(StatsGrpc.getWaitingMethod(), WaitingRequest.class, WaitingReply.class);
    private static final int LARGEST_SAMPLE = 1_000;

    private final Tally tally;
    private final RedisStats stats;
    private final ShardCalls shards;

    public StatsGrpcService(Tally tally, RedisStats stats, ShardCalls shards) {
        this.tally = tally;
        this.stats = stats;
        this.shards = shards;
    }

    public RpcService service() {
        return RpcService.of(StatsGrpc.getServiceDescriptor())
                .sideBySide(COUNT, this::count)
                .sideBySide(WINDOWS, this::windows)
                .sideBySide(WAITING, this::waiting);
    }

    /** In memory, until the next second. */
    private CountReply count(CountRequest request, Deadline deadline) {
        String product = Ids.requireProduct("product", request.getProduct());
        tally.add(product, Happening.ACCEPTED, request.getAccepted());
        tally.add(product, Happening.REFUSED, request.getRefused());
        return CountReply.getDefaultInstance();
    }

    private WindowsReply windows(WindowsRequest request, Deadline deadline) {
        String product = Ids.requireProduct("product", request.getProduct());
        Windows windows = RedisStore.await(RedisStore.within(deadline, () -> stats.windows(product)), deadline);
        return WindowsReply.newBuilder()
                .setNowMs(windows.nowMs())
                .setMinute(happened(windows.minute()))
                .setHour(happened(windows.hour()))
                .setDay(happened(windows.day()))
                .build();
    }

    private static Happened happened(Counts counts) {
        return Happened.newBuilder()
                .setAccepted(counts.of(Happening.ACCEPTED))
                .setRefused(counts.of(Happening.REFUSED))
                .setAcked(counts.of(Happening.ACKED))
                .setExpired(counts.of(Happening.EXPIRED))
                .setCollapsed(counts.of(Happening.COLLAPSED))
                .setRecalled(counts.of(Happening.RECALLED))
                .setDropped(counts.of(Happening.DROPPED))
                .build();
    }

    private WaitingReply waiting(WaitingRequest request, Deadline deadline) {
        String product = Ids.requireProduct("product", request.getProduct());
        int shard = Shards.require("shard", request.getShard());
        int sample = Math.clamp(Integer.toUnsignedLong(request.getSample()), 1, LARGEST_SAMPLE);
        Waiting waiting = shards.call(shard, deadline, () -> stats.waiting(product, shard, sample));
        return WaitingReply.newBuilder()
                .setInboxes(waiting.inboxes())
                .setLookedAt(waiting.lookedAt())
                .setMessages(waiting.messages())
                .setKept(waiting.kept())
                .setKeptLookedAt(waiting.keptLookedAt())
                .setKeptMessages(waiting.keptMessages())
                .build();
    }
}
