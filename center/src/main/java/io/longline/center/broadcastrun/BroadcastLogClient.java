package io.longline.center.broadcastrun;

import io.longline.center.job.Job;
import io.longline.center.job.TakenJob;
import io.longline.center.push.Outgoing;
import io.longline.center.push.Push;
import io.longline.center.topic.Topics;
import io.longline.center.wire.Unanswered;
import io.longline.center.wire.Wire;
import io.longline.keeper.rpc.BatchMethod;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.rpc.Peers;
import io.longline.rpc.v1.LogReply;
import io.longline.rpc.v1.LogRequest;
import io.longline.rpc.v1.Message;
import io.longline.rpc.v1.PublishReply;
import io.longline.rpc.v1.PublishRequest;
import io.longline.rpc.v1.SettleHow;
import io.longline.rpc.v1.SettleTopicReply;
import io.longline.rpc.v1.SettleTopicRequest;
import io.longline.rpc.v1.TopicsGrpc;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/** Has saver put broadcasts into the logs of their topics, and say who may read them there. */
public final class BroadcastLogClient {
    private static final BatchMethod<PublishRequest, PublishReply> PUBLISH =
            BatchMethod.of(TopicsGrpc.getPublishMethod(), PublishRequest.class, PublishReply.class);
    private static final BatchMethod<LogRequest, LogReply> LOG =
            BatchMethod.of(TopicsGrpc.getLogMethod(), LogRequest.class, LogReply.class);
    private static final BatchMethod<SettleTopicRequest, SettleTopicReply> SETTLE =
            BatchMethod.of(TopicsGrpc.getSettleMethod(), SettleTopicRequest.class, SettleTopicReply.class);

    private final Peers savers;

    public BroadcastLogClient(Peers savers) {
        this.savers = savers;
    }

    /**
     * Puts it into the log, where it is not there. Saver knows its id for a day; so where an earlier run has told its offset, that is looked at first.
     *
     * @param ttl what is left of it
     */
    LogEntry open(TakenJob taken, long offset, Duration ttl, Deadline deadline) {
        Optional<LogEntry> known = offset == 0 ? Optional.empty() : find(taken, offset, deadline);
        return known.isPresent() ? known.get() : publish(taken, ttl, deadline);
    }

    private Optional<LogEntry> find(TakenJob taken, long offset, Deadline deadline) {
        LogRequest request = LogRequest.newBuilder()
                .setProduct(taken.job().product())
                .setTopic(taken.topic())
                .setAfter(offset - 1)
                .setLimit(1)
                .setUpto(offset)
                .build();
        LogReply reply = Unanswered.join("saver", savers.call(key(taken), LOG, request, deadline));
        return reply.getMessagesList().stream()
                .filter(stored -> stored.getSeq() == offset)
                .findFirst()
                .map(stored -> entry(taken, offset, OptionalLong.empty(), stored.getMessage()));
    }

    private static LogEntry entry(TakenJob taken, long offset, OptionalLong before, Message times) {
        return entry(taken, offset, before, times.getSentAtMs(), times.getExpiresAtMs());
    }

    /** What stands before one that was there already nobody tells. */
    private LogEntry publish(TakenJob taken, Duration ttl, Deadline deadline) {
        PublishRequest request = PublishRequest.newBuilder()
                .setProduct(taken.job().product())
                .setTopic(taken.topic())
                .setMessage(Wire.message(outgoing(taken.push(), 0, ttl)))
                .build();
        PublishReply reply = Unanswered.join("saver", savers.call(key(taken), PUBLISH, request, deadline));
        OptionalLong before = reply.getRepeated() ? OptionalLong.empty() : OptionalLong.of(reply.getBefore());
        return entry(taken, reply.getOffset(), before, reply.getSentAtMs(), reply.getExpiresAtMs());
    }

    private static LogEntry entry(TakenJob taken, long offset, OptionalLong before, long sentAtMs, long expiresAtMs) {
        Duration ttl = Duration.ofMillis(Math.max(0, expiresAtMs - sentAtMs));
        return new LogEntry(offset, before, outgoing(taken.push(), sentAtMs, ttl));
    }

    private static Outgoing outgoing(Push push, long sentAtMs, Duration ttl) {
        return new Outgoing(push.messageId(), push.payload(), push.options().withTtl(ttl), sentAtMs, "");
    }

    /** Everybody may read it from now on. What was removed stays so. */
    void open(TakenJob taken, long offset, Deadline deadline) {
        settle(taken.job(), taken.topic(), offset, SettleHow.SETTLE_OPEN, deadline);
    }

    /** Nobody may read it any more. */
    public void remove(TakenJob taken, long offset, Deadline deadline) {
        settle(taken.job(), taken.topic(), offset, SettleHow.SETTLE_REMOVE, deadline);
    }

    private void settle(Job job, String topic, long offset, SettleHow how, Deadline deadline) {
        SettleTopicRequest request = SettleTopicRequest.newBuilder()
                .setProduct(job.product())
                .setTopic(topic)
                .setOffset(offset)
                .setHow(how)
                .build();
        SettleTopicReply _ =
                Unanswered.join("saver", savers.call(Topics.key(job.product(), topic), SETTLE, request, deadline));
    }

    private static long key(TakenJob taken) {
        return Topics.key(taken.job().product(), taken.topic());
    }
}
