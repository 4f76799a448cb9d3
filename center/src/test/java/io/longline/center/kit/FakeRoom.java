package io.longline.center.kit;

import io.longline.keeper.rpc.RpcService;
import io.longline.rpc.v1.BroadcastReply;
import io.longline.rpc.v1.BroadcastRequest;
import io.longline.rpc.v1.DeliveryGrpc;
import io.longline.rpc.v1.EveryoneReply;
import io.longline.rpc.v1.EveryoneRequest;
import io.longline.rpc.v1.FanoutGrpc;
import io.longline.rpc.v1.HandOverReply;
import io.longline.rpc.v1.HandOverRequest;
import io.longline.rpc.v1.HandOverResult;
import io.longline.rpc.v1.ReachReply;
import io.longline.rpc.v1.ReachRequest;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;

/** room: answers each hint as it is told to, and keeps it; likewise how far topics reach. */
public final class FakeRoom {
    public static final long INCARNATION = 7;

    private final String instance;
    private final List<HandOverRequest> handed = new CopyOnWriteArrayList<>();
    private volatile Function<HandOverRequest, HandOverReply> answer = always(HandOverResult.HAND_OVER_WRITTEN);
    private final List<ReachRequest> reached = new CopyOnWriteArrayList<>();
    private final FakeBroadcasts broadcasts = new FakeBroadcasts();
    private volatile int followers;
    private volatile int slow;
    private volatile CountDownLatch gate = new CountDownLatch(0);

    public FakeRoom(String instance) {
        this.instance = instance;
    }

    public String instance() {
        return instance;
    }

    List<RpcService> services() {
        RpcService service = RpcService.of(DeliveryGrpc.getServiceDescriptor());
        Methods.each(
                service,
                DeliveryGrpc.getHandOverMethod(),
                HandOverRequest.class,
                HandOverReply.class,
                this::handOver,
                e -> HandOverReply.newBuilder().setError(e).build());
        RpcService fanout = RpcService.of(FanoutGrpc.getServiceDescriptor());
        Methods.each(
                fanout,
                FanoutGrpc.getReachMethod(),
                ReachRequest.class,
                ReachReply.class,
                this::reach,
                e -> ReachReply.newBuilder().setError(e).build());
        Methods.each(
                fanout,
                FanoutGrpc.getBroadcastMethod(),
                BroadcastRequest.class,
                BroadcastReply.class,
                this::broadcast,
                e -> BroadcastReply.newBuilder().setError(e).build());
        Methods.unused(fanout, FanoutGrpc.getEveryoneMethod(), EveryoneRequest.class, EveryoneReply.class);
        return List.of(service, fanout);
    }

    private BroadcastReply broadcast(BroadcastRequest request) {
        BroadcastReply reply = broadcasts.ask(request);
        FakeSaver.await(gate);
        return reply;
    }

    /** What it does with broadcasts. */
    public FakeBroadcasts broadcasts() {
        return broadcasts;
    }

    private ReachReply reach(ReachRequest request) {
        reached.add(request);
        FakeSaver.await(gate);
        return ReachReply.newBuilder()
                .setFollowers(followers)
                .setWritten(request.hasMessage() ? followers - slow : followers)
                .build();
    }

    /** So many sessions follow every topic here; the slow ones of them take no message at once. */
    public void follow(int all, int slowOnes) {
        followers = all;
        slow = slowOnes;
    }

    /** What it was told of topics. */
    public List<ReachRequest> reached() {
        return reached;
    }

    private HandOverReply handOver(HandOverRequest request) {
        handed.add(request);
        FakeSaver.await(gate);
        return answer.apply(request);
    }

    public static Function<HandOverRequest, HandOverReply> always(HandOverResult result) {
        return request -> HandOverReply.newBuilder().setResult(result).build();
    }

    public void answer(HandOverResult result) {
        answer = always(result);
    }

    public void answer(Function<HandOverRequest, HandOverReply> each) {
        answer = each;
    }

    /** From now on it takes what it is told and answers nothing, until {@link #goOn}. */
    public void stop() {
        gate = new CountDownLatch(1);
    }

    public void goOn() {
        gate.countDown();
    }

    public List<HandOverRequest> handed() {
        return handed;
    }
}
