package io.longline.saver.topic;

import com.google.protobuf.InvalidProtocolBufferException;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.rpc.v1.LogReply;
import io.longline.rpc.v1.Message;
import io.longline.rpc.v1.NamesReply;
import io.longline.rpc.v1.RoomReach;
import io.longline.rpc.v1.SentReply;
import io.longline.rpc.v1.SettleTopicRequest;
import io.longline.rpc.v1.StoredMessage;
import io.longline.rpc.v1.TopicName;
import io.longline.rpc.v1.UntoldReply;
import io.longline.rpc.v1.UntoldTopic;
import io.longline.saver.budget.Urgency;
import io.longline.saver.journal.JournalEntry.Settled;
import io.longline.saver.topic.TopicStore.Named;
import io.longline.saver.topic.TopicStore.Send;
import io.longline.saver.topic.TopicStore.Untold;
import java.util.List;

/** What topics are asked and answer, as generated messages. */
final class TopicMessages {
    private static final long GREATEST_OFFSET = 1L << 53;

    private TopicMessages() {}

    /** An unsigned number that comes from outside; beyond 2^53 nothing is told apart any more. */
    static long number(long unsigned) {
        return Long.compareUnsigned(unsigned, GREATEST_OFFSET) > 0 ? GREATEST_OFFSET : unsigned;
    }

    static Urgency urgency(Message message) {
        return switch (message.getPriority()) {
            case PRIORITY_HIGH -> Urgency.HIGH;
            case PRIORITY_LOW -> Urgency.LOW;
            default -> Urgency.NORMAL;
        };
    }

    static LogReply page(LogPage page) {
        LogReply.Builder reply =
                LogReply.newBuilder().setMore(page.more()).setUpto(page.upto()).setGap(page.gap());
        page.entries().forEach(entry -> reply.addMessages(message(entry)));
        return reply.build();
    }

    private static StoredMessage message(LogPage.Entry entry) {
        try {
            return StoredMessage.newBuilder()
                    .setSeq(entry.offset())
                    .setMessage(Message.parseFrom(entry.message()).toBuilder()
                            .setSentAtMs(entry.sentAtMs())
                            .setExpiresAtMs(entry.expiresAtMs()))
                    .build();
        } catch (InvalidProtocolBufferException e) {
            throw new LonglineException(ErrorCode.INTERNAL, "offset " + entry.offset() + " holds no message", e);
        }
    }

    static UntoldReply untold(List<Untold> topics) {
        UntoldReply.Builder reply = UntoldReply.newBuilder();
        for (Untold untold : topics) {
            reply.addTopics(UntoldTopic.newBuilder()
                    .setProduct(untold.topic().product())
                    .setTopic(untold.topic().name())
                    .setOffset(untold.offset())
                    .setSinceMs(untold.sinceMs()));
        }
        return reply.build();
    }

    static SentReply of(Send send) {
        SentReply.Builder reply = SentReply.newBuilder()
                .setTopic(send.topic().name())
                .setMessageId(send.messageId())
                .setSentAtMs(send.sentAtMs())
                .setExpiresAtMs(send.expiresAtMs())
                .setTold(send.told())
                .setRecalled(send.recalled());
        send.rooms()
                .forEach((room, reach) -> reply.putRooms(
                        room,
                        RoomReach.newBuilder()
                                .setFollowers(reach.followers())
                                .setWritten(reach.written())
                                .build()));
        return reply.build();
    }

    static NamesReply names(List<Named> topics) {
        NamesReply.Builder reply = NamesReply.newBuilder();
        for (Named named : topics) {
            reply.addTopics(TopicName.newBuilder()
                    .setTopic(named.topic())
                    .setOffset(named.offset())
                    .setMessages(named.messages()));
        }
        return reply.build();
    }

    static Settled.How how(SettleTopicRequest request) {
        return switch (request.getHow()) {
            case SETTLE_OPEN -> Settled.How.OPEN;
            case SETTLE_REMOVE -> Settled.How.REMOVE;
            default ->
                throw LonglineException.invalid(
                        "how", "is " + request.getHowValue() + ", expected SETTLE_OPEN or SETTLE_REMOVE");
        };
    }
}
