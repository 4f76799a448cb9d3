package io.longline.center.kit;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.rpc.RpcService;
import io.longline.rpc.v1.GrantReply;
import io.longline.rpc.v1.GrantRequest;
import io.longline.rpc.v1.QuotasGrpc;
import io.longline.rpc.v1.SpendReply;
import io.longline.rpc.v1.SpendRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What saver counts, without a clock: so many messages may be sent, and to some users none. One lock around everything. */
public final class FakeQuotas {
    private static final int WAIT_MS = 30_000;

    private final List<GrantRequest> grants = new ArrayList<>();
    private final List<SpendRequest> spends = new ArrayList<>();
    private final Set<String> fullUsers = new HashSet<>();
    private long left;
    private boolean dayOver;
    private @Nullable LonglineException failure;

    RpcService service() {
        RpcService service = RpcService.of(QuotasGrpc.getServiceDescriptor());
        Methods.each(
                service,
                QuotasGrpc.getGrantMethod(),
                GrantRequest.class,
                GrantReply.class,
                this::grant,
                e -> GrantReply.newBuilder().setError(e).build());
        Methods.each(
                service,
                QuotasGrpc.getSpendMethod(),
                SpendRequest.class,
                SpendReply.class,
                this::spend,
                e -> SpendReply.newBuilder().setError(e).build());
        return service;
    }

    private synchronized GrantReply grant(GrantRequest request) {
        grants.add(request);
        if (failure != null) {
            throw failure;
        }
        if (request.getNeeded() > left) {
            return GrantReply.newBuilder()
                    .setRetryAfterMs(WAIT_MS)
                    .setDayOver(dayOver)
                    .build();
        }
        long granted = Math.min(request.getWanted(), left);
        left -= granted;
        return GrantReply.newBuilder().setGranted(granted).build();
    }

    private synchronized SpendReply spend(SpendRequest request) {
        spends.add(request);
        if (failure != null) {
            throw failure;
        }
        if (fullUsers.contains(request.getUser())) {
            throw new LonglineException(ErrorCode.USER_RATE_EXCEEDED, "user " + request.getUser() + " is over 1 a day")
                    .retryAfter(Duration.ofMillis(WAIT_MS));
        }
        return SpendReply.getDefaultInstance();
    }

    /** So many messages may be granted from now on. */
    public synchronized void allow(long messages) {
        left = messages;
    }

    /** What is not granted is so because of the day. */
    public synchronized void dayOver() {
        dayOver = true;
    }

    public synchronized void fill(String user) {
        fullUsers.add(user);
    }

    /** There is room again. */
    public synchronized void empty(String user) {
        fullUsers.remove(user);
    }

    /** Nothing is answered from now on. */
    public synchronized void fail(LonglineException why) {
        failure = why;
    }

    public synchronized List<GrantRequest> grants() {
        return List.copyOf(grants);
    }

    public synchronized List<SpendRequest> spends() {
        return List.copyOf(spends);
    }
}
