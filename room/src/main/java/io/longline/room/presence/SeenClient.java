package io.longline.room.presence;

import io.longline.keeper.rpc.BatchMethod;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.rpc.Peers;
import io.longline.room.session.Session;
import io.longline.rpc.v1.RoutesGrpc;
import io.longline.rpc.v1.SeenReply;
import io.longline.rpc.v1.SeenRequest;
import io.longline.rpc.v1.SeenUser;
import io.longline.v1.UserPresence;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** {@link Register} over gRPC: any one, which asks all shards. */
public final class SeenClient implements Register {
    private static final BatchMethod<SeenRequest, SeenReply> SEEN =
            BatchMethod.of(RoutesGrpc.getSeenMethod(), SeenRequest.class, SeenReply.class);

    private final Peers registers;
    private final Duration answerWait;

    /** @param answerWait as long as the store may be away before that is an answer */
    public SeenClient(Peers registers, Duration answerWait) {
        this.registers = registers;
        this.answerWait = answerWait;
    }

    @Override
    public CompletableFuture<List<UserPresence>> seen(Session session, List<String> users) {
        SeenRequest request = SeenRequest.newBuilder()
                .setProduct(session.endpoint().product())
                .addAllUsers(users)
                .build();
        return registers
                .call(session.endpoint().key(), SEEN, request, Deadline.after(answerWait))
                .thenApply(reply -> presence(users, reply.getUsersList()));
    }

    private static List<UserPresence> presence(List<String> users, List<SeenUser> seen) {
        List<UserPresence> presence = new ArrayList<>(seen.size());
        for (int i = 0; i < seen.size(); i++) {
            UserPresence.Builder user = UserPresence.newBuilder()
                    .setUser(users.get(i))
                    .setOnline(seen.get(i).getOnline());
            if (seen.get(i).getLastSeenMs() > 0) {
                user.setLastSeenMs(seen.get(i).getLastSeenMs());
            }
            presence.add(user.build());
        }
        return presence;
    }
}
