package io.longline.keeper.rpc;

import com.google.protobuf.Message;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The gRPC stream of a lane. Sent on by the lane's thread; its events come on gRPC's executor, one after the other. */
final class LaneStream extends ClientCall.Listener<Message> {
    /** Replies that the transport may hand over before we have worked off the ones before. */
    private static final int AHEAD = 4;

    private final ClientCall<Message, Message> call;
    private final Consumer<Message> replies;
    private final Runnable wake;
    private volatile boolean worked;
    private volatile @Nullable Status end;

    LaneStream(Channel channel, BatchMethod<?, ?> method, Consumer<Message> replies, Runnable wake) {
        this.call = channel.newCall(method.descriptor(), CallOptions.DEFAULT);
        this.replies = replies;
        this.wake = wake;
    }

    void open() {
        call.start(this, new Metadata());
        call.request(AHEAD);
    }

    /** Whether the transport wants more; if not, the lane is woken when it does. */
    boolean ready() {
        return call.isReady();
    }

    void send(Message batch) {
        call.sendMessage(batch);
    }

    void cancel(String why) {
        call.cancel(why, null);
    }

    /** Whether it answered anything: one that only opens and ends is as good as none. */
    boolean worked() {
        return worked;
    }

    Optional<Status> end() {
        return Optional.ofNullable(end);
    }

    @Override
    public void onReady() {
        wake.run();
    }

    @Override
    public void onMessage(Message message) {
        worked = true;
        replies.accept(message);
        call.request(1);
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
        end = status;
        wake.run();
    }
}
