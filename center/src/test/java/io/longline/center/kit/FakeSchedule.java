package io.longline.center.kit;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.rpc.RpcService;
import io.longline.keeper.shard.Shards;
import io.longline.rpc.v1.CancelReply;
import io.longline.rpc.v1.CancelRequest;
import io.longline.rpc.v1.Cancelled;
import io.longline.rpc.v1.Copy;
import io.longline.rpc.v1.DueMessage;
import io.longline.rpc.v1.DueReply;
import io.longline.rpc.v1.DueRequest;
import io.longline.rpc.v1.FinishReply;
import io.longline.rpc.v1.FinishRequest;
import io.longline.rpc.v1.KeepReply;
import io.longline.rpc.v1.KeepRequest;
import io.longline.rpc.v1.PostponeReply;
import io.longline.rpc.v1.PostponeRequest;
import io.longline.rpc.v1.ScheduledTarget;
import io.longline.rpc.v1.SchedulesGrpc;
import io.longline.rpc.v1.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The part of {@link FakeSaver} that keeps what is to be sent later, in a map. */
public final class FakeSchedule {
    private final FakeSaver saver;
    private final Map<String, Kept> kept = new HashMap<>();
    private final Map<String, List<Copy>> ended = new HashMap<>();
    private volatile Duration begunAtMost = Duration.ofMinutes(1);
    private volatile boolean held;
    private int refusedRecalls;
    private long runs;

    FakeSchedule(FakeSaver saver) {
        this.saver = saver;
    }

    private static final class Kept {
        private final KeepRequest request;
        private long dueMs;
        private long run;
        private int tries;
        private boolean begun;

        Kept(KeepRequest request) {
            this.request = request;
            this.dueMs = request.getSendAtMs();
        }
    }

    RpcService service() {
        RpcService service = RpcService.of(SchedulesGrpc.getServiceDescriptor());
        Methods.each(
                service,
                SchedulesGrpc.getKeepMethod(),
                KeepRequest.class,
                KeepReply.class,
                this::keep,
                e -> KeepReply.newBuilder().setError(e).build());
        Methods.each(
                service,
                SchedulesGrpc.getDueMethod(),
                DueRequest.class,
                DueReply.class,
                this::due,
                e -> DueReply.newBuilder().setError(e).build());
        Methods.each(
                service,
                SchedulesGrpc.getFinishMethod(),
                FinishRequest.class,
                FinishReply.class,
                this::finish,
                e -> FinishReply.newBuilder().setError(e).build());
        Methods.each(
                service,
                SchedulesGrpc.getPostponeMethod(),
                PostponeRequest.class,
                PostponeReply.class,
                this::postpone,
                e -> PostponeReply.newBuilder().setError(e).build());
        Methods.each(
                service,
                SchedulesGrpc.getCancelMethod(),
                CancelRequest.class,
                CancelReply.class,
                this::cancel,
                e -> CancelReply.newBuilder().setError(e).build());
        return service;
    }

    private KeepReply keep(KeepRequest request) {
        synchronized (saver) {
            String key = key(request.getProduct(), request.getMessageId());
            if (!saver.claim(key, request.getBodyHash())) {
                throw new LonglineException(ErrorCode.IDEMPOTENCY_CONFLICT, key + " has another body");
            }
            if (knows(key)) {
                return KeepReply.newBuilder()
                        .setRepeated(true)
                        .setOver(!kept.containsKey(key))
                        .build();
            }
            kept.put(key, new Kept(request));
            return KeepReply.getDefaultInstance();
        }
    }

    private DueReply due(DueRequest request) {
        synchronized (saver) {
            long now = System.currentTimeMillis();
            DueReply.Builder reply = DueReply.newBuilder();
            for (Kept each : kept.values()) {
                if (Shards.of(each.request.getProduct(), each.request.getMessageId()) != request.getShard()) {
                    continue;
                }
                reply.setWaiting(reply.getWaiting() + 1);
                if (held || each.dueMs > now) {
                    continue;
                }
                if (reply.getMessagesCount() == request.getLimit()) {
                    return reply.setMore(true).build();
                }
                each.run = ++runs;
                each.tries++;
                each.begun = true;
                each.dueMs = now + Math.min(request.getBegunMs(), begunAtMost.toMillis());
                reply.addMessages(DueMessage.newBuilder()
                        .setProduct(each.request.getProduct())
                        .setMessageId(each.request.getMessageId())
                        .setSendAtMs(each.request.getSendAtMs())
                        .setRun(each.run)
                        .setTries(each.tries)
                        .setPush(each.request.getPush()));
            }
            return reply.build();
        }
    }

    private FinishReply finish(FinishRequest request) {
        synchronized (saver) {
            String key = key(request.getProduct(), request.getMessageId());
            if (isRun(kept.get(key), request.getRun())) {
                kept.remove(key);
                List<Copy> ends = new ArrayList<>();
                request.getExpiredList().forEach(target -> ends.add(copy(target, State.EXPIRED, "")));
                request.getFailedList().forEach(target -> ends.add(copy(target, State.DROPPED, "failed")));
                ended.put(key, ends);
            }
            return FinishReply.getDefaultInstance();
        }
    }

    private PostponeReply postpone(PostponeRequest request) {
        synchronized (saver) {
            Kept message = kept.get(key(request.getProduct(), request.getMessageId()));
            if (message != null && isRun(message, request.getRun())) {
                message.run = 0;
                message.begun = !request.getCertain();
                message.dueMs = System.currentTimeMillis() + request.getDelayMs();
            }
            return PostponeReply.getDefaultInstance();
        }
    }

    private static boolean isRun(@Nullable Kept message, long run) {
        return message != null && message.run == run;
    }

    private CancelReply cancel(CancelRequest request) {
        synchronized (saver) {
            String key = key(request.getProduct(), request.getMessageId());
            Kept message = kept.get(key);
            if (message == null) {
                boolean recalled =
                        ended.getOrDefault(key, List.of()).stream().anyMatch(copy -> copy.getState() == State.RECALLED);
                saver.recall(key);
                return CancelReply.newBuilder()
                        .setOutcome(recalled ? Cancelled.CANCEL_DONE : Cancelled.CANCEL_NOTHING)
                        .build();
            }
            if (message.begun) {
                refusedRecalls++;
                return CancelReply.newBuilder()
                        .setOutcome(Cancelled.CANCEL_BEGUN)
                        .build();
            }
            ended.put(key, rest(message, State.RECALLED));
            kept.remove(key);
            return CancelReply.newBuilder().setOutcome(Cancelled.CANCEL_DONE).build();
        }
    }

    /** Under the lock of the saver, as all that it asks. */
    boolean knows(String key) {
        return kept.containsKey(key) || ended.containsKey(key);
    }

    /** Targets that have no copy. */
    List<Copy> withoutCopy(String key) {
        Kept message = kept.get(key);
        return message == null ? ended.getOrDefault(key, List.of()) : rest(message, State.SCHEDULED);
    }

    private List<Copy> rest(Kept message, State state) {
        List<Copy> recorded = saver.recorded(key(message.request.getProduct(), message.request.getMessageId()));
        return message.request.getTargetsList().stream()
                .filter(target -> recorded.stream().noneMatch(copy -> isAt(target, copy)))
                .map(target -> copy(target, state, ""))
                .toList();
    }

    private static boolean isAt(ScheduledTarget target, Copy copy) {
        return copy.getUser().equals(target.getUser())
                && (target.getDevice().isEmpty() || target.getDevice().equals(copy.getDevice()));
    }

    private static Copy copy(ScheduledTarget target, State state, String reason) {
        return Copy.newBuilder()
                .setUser(target.getUser())
                .setDevice(target.getDevice())
                .setState(state)
                .setReason(reason)
                .build();
    }

    private static String key(String product, String id) {
        return product + "/" + id;
    }

    /** While true, nothing is due. */
    public void hold(boolean yes) {
        held = yes;
    }

    /** What was begun is told again after so long, whatever center asks for. */
    public void begunAtMost(Duration time) {
        begunAtMost = time;
    }

    /** How often that message was begun; 0 where it is not kept. */
    public int tries(String product, String id) {
        synchronized (saver) {
            Kept message = kept.get(key(product, id));
            return message == null ? 0 : message.tries;
        }
    }

    /** How often a recall was told that it is being sent. */
    public int refusedRecalls() {
        synchronized (saver) {
            return refusedRecalls;
        }
    }

    public int size() {
        synchronized (saver) {
            return kept.size();
        }
    }
}
