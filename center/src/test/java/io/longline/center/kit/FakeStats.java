package io.longline.center.kit;

import io.longline.keeper.error.LonglineException;
import io.longline.keeper.rpc.RpcService;
import io.longline.rpc.v1.CountReply;
import io.longline.rpc.v1.CountRequest;
import io.longline.rpc.v1.Happened;
import io.longline.rpc.v1.StatsGrpc;
import io.longline.rpc.v1.WaitingReply;
import io.longline.rpc.v1.WaitingRequest;
import io.longline.rpc.v1.WindowsReply;
import io.longline.rpc.v1.WindowsRequest;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What saver knows in numbers, without a clock: what was ever counted is in each window. One lock around everything. */
public final class FakeStats {
    private final Map<String, Happened> counted = new HashMap<>();
    private final Map<Integer, WaitingReply> waiting = new HashMap<>();
    private @Nullable LonglineException failure;
    private int asked;

    RpcService service() {
        RpcService service = RpcService.of(StatsGrpc.getServiceDescriptor());
        Methods.each(
                service,
                StatsGrpc.getCountMethod(),
                CountRequest.class,
                CountReply.class,
                this::count,
                e -> CountReply.newBuilder().setError(e).build());
        Methods.each(
                service,
                StatsGrpc.getWindowsMethod(),
                WindowsRequest.class,
                WindowsReply.class,
                this::windows,
                e -> WindowsReply.newBuilder().setError(e).build());
        Methods.each(
                service,
                StatsGrpc.getWaitingMethod(),
                WaitingRequest.class,
                WaitingReply.class,
                this::waiting,
                e -> WaitingReply.newBuilder().setError(e).build());
        return service;
    }

    private synchronized CountReply count(CountRequest request) {
        failIfTold();
        Happened before = counted(request.getProduct());
        counted.put(
                request.getProduct(),
                before.toBuilder()
                        .setAccepted(before.getAccepted() + request.getAccepted())
                        .setRefused(before.getRefused() + request.getRefused())
                        .build());
        return CountReply.getDefaultInstance();
    }

    private synchronized WindowsReply windows(WindowsRequest request) {
        failIfTold();
        asked++;
        Happened all = counted(request.getProduct());
        return WindowsReply.newBuilder()
                .setNowMs(1_000_000)
                .setMinute(all)
                .setHour(all)
                .setDay(all)
                .build();
    }

    private synchronized WaitingReply waiting(WaitingRequest request) {
        failIfTold();
        return waiting.getOrDefault(request.getShard(), WaitingReply.getDefaultInstance());
    }

    private void failIfTold() {
        if (failure != null) {
            throw failure;
        }
    }

    /** What is told of a product now. */
    public synchronized Happened counted(String product) {
        return counted.getOrDefault(product, Happened.getDefaultInstance());
    }

    public synchronized void happened(String product, Happened happened) {
        counted.put(product, happened);
    }

    public synchronized void waits(int shard, WaitingReply reply) {
        waiting.put(shard, reply);
    }

    /** Nothing is answered from now on; null: all is well again. */
    public synchronized void fail(@Nullable LonglineException why) {
        failure = why;
    }

    /** How often anybody wanted to know. */
    public synchronized int asked() {
        return asked;
    }
}
