package io.longline.room.topic;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.ErrorTranslator;
import io.longline.keeper.error.LonglineException;
import io.longline.room.session.Session;
import io.longline.v1.Error;
import io.longline.v1.Gap;
import io.longline.v1.ServerFrame;
import io.longline.v1.Subscribed;

/** What a client is told about a topic, besides its messages. */
final class TopicFrames {
    private TopicFrames() {}

    static ServerFrame subscribed(Session session, String topic, long offset) {
        return ServerFrame.newBuilder()
                .setSubscribed(Subscribed.newBuilder()
                        .setRef(session.ref())
                        .setTopic(topic)
                        .setOffset(offset))
                .build();
    }

    static ServerFrame gap(Session session, String topic, long firstOffset) {
        return ServerFrame.newBuilder()
                .setGap(Gap.newBuilder().setRef(session.ref()).setTopic(topic).setFirstOffset(firstOffset))
                .build();
    }

    /** It may not follow this topic. */
    static LonglineException denied() {
        return new LonglineException(
                ErrorCode.PERMISSION_DENIED,
                "neither the token nor the product lets the client follow this topic, and no back end has it follow");
    }

    /** Where its client would go on in this topic there is nothing to go on with. */
    static LonglineException notFollowed() {
        return new LonglineException(ErrorCode.NOT_FOUND, "the endpoint does not follow this topic");
    }

    /** That one thing did not happen, for the reason that others are told too. */
    static ServerFrame error(Session session, String topic, Throwable why) {
        LonglineException shown = ErrorTranslator.outside(ErrorTranslator.fromAny(why));
        Error.Builder error = Error.newBuilder()
                .setRef(session.ref())
                .setTopic(topic)
                .setReason(shown.code().name())
                .setMessage(shown.getMessage());
        shown.retryAfter().ifPresent(after -> error.setRetryAfterMs(after.toMillis()));
        return ServerFrame.newBuilder().setError(error).build();
    }

    /** Writes a frame that a client waits for. */
    static void tell(Session session, ServerFrame frame) {
        session.link().write(frame);
        session.link().flush();
    }
}
