package io.longline.deploy.check;

import io.longline.deploy.check.history.TopicEvent;

/** An event of topics in words. */
final class TopicTelling {
    private TopicTelling() {}

    static String words(TopicEvent event) {
        return switch (event) {
            case TopicEvent.OfMessage message -> words(message);
            case TopicEvent.OfUser user -> words(user);
            case TopicEvent.OfSession session ->
                session.session().endpoint() + " " + session.session() + ": " + words(session);
            case TopicEvent.AppEnded app -> app.endpoint() + ": its app has ended";
        };
    }

    private static String words(TopicEvent.OfMessage event) {
        int number = event.send().number();
        return switch (event) {
            case TopicEvent.SendBegun begun ->
                "attempt " + begun.attempt() + " of message " + number + " (id "
                        + begun.send().messageId() + ", to topic "
                        + begun.send().product() + "/"
                        + begun.send().topic() + ", ttl " + begun.send().ttl().toSeconds() + " s"
                        + (begun.send().journaled() ? ", mysql" : ", redis") + ") to " + begun.center();
            case TopicEvent.Answered answered ->
                "attempt " + answered.attempt() + " answered by " + answered.center()
                        + Telling.after(answered.at(), answered.begunAt()) + ": " + answered.answer() + " offset "
                        + answered.offset();
            case TopicEvent.Unanswered none ->
                "attempt " + none.attempt() + " not answered by " + none.center()
                        + Telling.after(none.at(), none.begunAt()) + ": " + none.how();
            case TopicEvent.SendOver _ -> "the back end is done with message " + number;
        };
    }

    private static String words(TopicEvent.OfUser event) {
        var wish = event.wish();
        String what = wish.product() + "/" + wish.user() + (wish.follow() ? " is to follow " : " is to leave ")
                + wish.topic();
        return what
                + switch (event) {
                    case TopicEvent.WishBegun _ -> ", a back end begins";
                    case TopicEvent.WishTried tried ->
                        ", by " + tried.center() + Telling.after(tried.at(), tried.begunAt()) + ": "
                                + (tried.answer() == null ? "no answer" : tried.answer());
                    case TopicEvent.WishOver _ -> ", the back end is done";
                };
    }

    private static String words(TopicEvent.OfSession event) {
        return switch (event) {
            case TopicEvent.Named named -> "names offset " + named.after() + " of " + event.topic();
            case TopicEvent.ClientWish wish ->
                (wish.follow() ? "subscribes to " : "unsubscribes from ") + event.topic();
            case TopicEvent.Subscribed subscribed ->
                "follows " + event.topic() + " behind offset " + subscribed.offset();
            case TopicEvent.Refused refused -> "is refused " + event.topic() + ": " + refused.reason();
            case TopicEvent.Gap gap -> "has a gap before offset " + gap.firstOffset() + " of " + event.topic();
            case TopicEvent.Delivered push ->
                "gets message " + Telling.number(push.stamp()) + " of " + event.topic() + ", offset " + push.offset()
                        + ", id " + push.messageId() + ", ttl left " + push.ttlMs() + " ms";
            case TopicEvent.Handed push ->
                "its app gets message " + Telling.number(push.stamp()) + " of " + event.topic() + ", offset "
                        + push.offset() + ", id " + push.messageId()
                        + (push.maybeRepeated() ? ", maybe repeated" : "");
            case TopicEvent.AckSent ack -> "acknowledges " + event.topic() + " up to offset " + ack.offset();
        };
    }
}
