package io.longline.center.stats;

import io.longline.center.traffic.Traffic;
import io.longline.center.wire.Unanswered;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.rpc.BatchMethod;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.rpc.Peers;
import io.longline.keeper.shard.Shards;
import io.longline.rpc.v1.CountReply;
import io.longline.rpc.v1.CountRequest;
import io.longline.rpc.v1.CrowdReply;
import io.longline.rpc.v1.CrowdRequest;
import io.longline.rpc.v1.RoutesGrpc;
import io.longline.rpc.v1.StatsGrpc;
import io.longline.rpc.v1.WaitingReply;
import io.longline.rpc.v1.WaitingRequest;
import io.longline.rpc.v1.WindowsReply;
import io.longline.rpc.v1.WindowsRequest;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Tells saver what was seen here, and asks saver and register for a product's numbers, of all shards at once. */
public final class StatsClient {
    private static final BatchMethod<CountRequest, CountReply> COUNT =
            BatchMethod.of(StatsGrpc.getCountMethod(), CountRequest.class, CountReply.class);
    private static final BatchMethod<WindowsRequest, WindowsReply> WINDOWS =
            BatchMethod.of(StatsGrpc.getWindowsMethod(), WindowsRequest.class, WindowsReply.class);
    private static final BatchMethod<WaitingRequest, WaitingReply> WAITING =
            BatchMethod.of(StatsGrpc.getWaitingMethod(), WaitingRequest.class, WaitingReply.class);
    private static final BatchMethod<CrowdRequest, CrowdReply> CROWD =
            BatchMethod.of(RoutesGrpc.getCrowdMethod(), CrowdRequest.class, CrowdReply.class);

    /** Of each shard: users whose devices are counted, inboxes, and messages that are to be sent later. */
    static final int SAMPLE = 64;

    private final Peers savers;
    private final Peers registers;

    public StatsClient(Peers savers, Peers registers) {
        this.savers = savers;
        this.registers = registers;
    }

    CompletableFuture<?> count(String product, Traffic.Seen seen, Deadline deadline) {
        CountRequest request = CountRequest.newBuilder()
                .setProduct(product)
                .setAccepted(seen.accepted())
                .setRefused(seen.refused())
                .build();
        return savers.call(Shards.key(product), COUNT, request, deadline);
    }

    /** Throws where saver did not take it. */
    static void await(CompletableFuture<?> answer) {
        var _ = join("saver", answer);
    }

    ProductStats ask(String product, Deadline deadline) {
        CompletableFuture<WindowsReply> windows = savers.call(
                Shards.key(product),
                WINDOWS,
                WindowsRequest.newBuilder().setProduct(product).build(),
                deadline);
        List<CompletableFuture<WaitingReply>> waiting = ofEachShard(shard -> savers.call(
                shard,
                WAITING,
                WaitingRequest.newBuilder()
                        .setProduct(product)
                        .setShard(shard)
                        .setSample(SAMPLE)
                        .build(),
                deadline));
        List<CompletableFuture<CrowdReply>> crowds = ofEachShard(shard -> registers.call(
                shard,
                CROWD,
                CrowdRequest.newBuilder()
                        .setProduct(product)
                        .setShard(shard)
                        .setSample(SAMPLE)
                        .build(),
                deadline));
        return stats(join("saver", windows), join("saver", waiting), join("register", crowds));
    }

    private static ProductStats stats(WindowsReply windows, List<WaitingReply> waiting, List<CrowdReply> crowds) {
        return new ProductStats(
                new ProductStats.Windows(
                        windows.getNowMs(),
                        happened(windows.getMinute()),
                        happened(windows.getHour()),
                        happened(windows.getDay())),
                crowds.stream().mapToLong(CrowdReply::getUsers).sum(),
                crowds.stream()
                        .map(shard -> new Sampled(shard.getUsers(), shard.getLookedAt(), shard.getDevices()))
                        .toList(),
                waiting.stream()
                        .map(shard -> new Sampled(shard.getInboxes(), shard.getLookedAt(), shard.getMessages()))
                        .toList(),
                waiting.stream()
                        .map(shard -> new Sampled(shard.getKept(), shard.getKeptLookedAt(), shard.getKeptMessages()))
                        .toList());
    }

    private static Happened happened(io.longline.rpc.v1.Happened counts) {
        return new Happened(
                counts.getAccepted(),
                counts.getRefused(),
                counts.getAcked(),
                counts.getExpired(),
                counts.getCollapsed(),
                counts.getRecalled(),
                counts.getDropped());
    }

    private static <T> List<CompletableFuture<T>> ofEachShard(IntFunction<CompletableFuture<T>> ask) {
        return IntStream.range(0, Shards.COUNT).mapToObj(ask).toList();
    }

    private static <T> List<T> join(String service, List<CompletableFuture<T>> asked) {
        return asked.stream().map(each -> join(service, each)).toList();
    }

    private static <T> T join(String service, CompletableFuture<T> asked) {
        try {
            return Unanswered.join(service, asked);
        } catch (LonglineException e) {
            throw e.code() == ErrorCode.METHOD_NOT_ALLOWED
                    ? LonglineException.dependencyDown(
                            service, service + " is of an earlier release and counts nothing", e)
                    : e;
        }
    }
}
