package io.longline.center.kit;

import io.longline.keeper.rpc.RpcService;
import io.longline.rpc.v1.DeliveryGrpc;
import io.longline.rpc.v1.HandOverReply;
import io.longline.rpc.v1.HandOverRequest;
import io.longline.rpc.v1.HandOverResult;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;

/** room: answers each hint as it is told to, and keeps it. */
public final class FakeRoom {
    public static final long INCARNATION = 7;

    private final String instance;
    private final List<HandOverRequest> handed = new CopyOnWriteArrayList<>();
    private volatile Function<HandOverRequest, HandOverReply> answer = always(HandOverResult.HAND_OVER_WRITTEN);
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
        return List.of(service);
    }

    private HandOverReply handOver(HandOverRequest request) {
        handed.add(request);
        try {
            gate.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
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

    /** From now on it takes hints and answers none, until {@link #goOn}. */
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
