package io.longline.deploy.check;

import io.longline.deploy.check.history.BroadcastEvent;
import io.longline.deploy.check.history.CallEvent;
import io.longline.deploy.check.history.Event;
import io.longline.deploy.check.history.Event.Session;
import io.longline.deploy.check.history.TopicEvent;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** An event as a line of a history. */
final class Telling {
    private static final double NANOS = 1e9;

    private Telling() {}

    static String line(Event event) {
        return String.format(Locale.ROOT, "%12.6f s  %s", event.at() / NANOS, words(event));
    }

    private static String seconds(long at) {
        return String.format(Locale.ROOT, "%.3f s", at / NANOS);
    }

    private static String words(Event event) {
        return switch (event) {
            case Event.OfMessage message -> words(message);
            case Event.OfSession session -> words(session);
            case Event.OfDevice device -> words(device);
            case TopicEvent topic -> TopicTelling.words(topic);
            case CallEvent call -> CallTelling.words(call);
            case BroadcastEvent broadcast -> BroadcastTelling.words(broadcast);
            case Event.FaultBegun begun -> begun.fault() + " BEGINS";
            case Event.FaultEnded ended -> ended.fault() + " ends";
            case Event.Broken broken -> broken.what();
        };
    }

    private static String words(Event.OfMessage event) {
        return switch (event) {
            case Event.SendBegun begun ->
                "attempt " + begun.attempt() + " of " + words(begun) + " to " + begun.center();
            case Event.Answered answered ->
                "attempt " + answered.attempt() + " answered by " + answered.center()
                        + after(answered.at(), answered.begunAt()) + ": " + answered.answer();
            case Event.Unanswered none ->
                "attempt " + none.attempt() + " not answered by " + none.center() + after(none.at(), none.begunAt())
                        + ": " + none.how();
            case Event.SendOver over ->
                "the back end is done with message " + over.send().number();
            case Event.Looked looked ->
                "GET of message " + looked.send().number() + " from " + looked.center()
                        + after(looked.at(), looked.begunAt()) + ": " + looked.answer();
            case Event.JobTold told ->
                "GET of the job of message " + told.send().number() + " from " + told.center()
                        + after(told.at(), told.begunAt()) + ": " + (told.job() == null ? told.answer() : told.job());
            case Event.ContradictBegun other ->
                "other body for message " + other.send().number() + " to " + other.center();
            case Event.Contradicted other ->
                "other body for message " + other.send().number() + " at " + other.center()
                        + after(other.at(), other.begunAt()) + ": " + other.answer();
            case Event.RecallBegun recall ->
                "recall of message " + recall.send().number() + " to " + recall.center();
            case Event.Recalled recall ->
                "recall of message " + recall.send().number() + " at " + recall.center()
                        + after(recall.at(), recall.begunAt()) + ": " + recall.answer();
        };
    }

    private static String words(Event.SendBegun begun) {
        var send = begun.send();
        var later = send.later();
        return "message " + send.number() + " (id " + send.messageId() + ", to " + send.account() + "/"
                + (send.device() == null ? "*" : send.device())
                + (send.ofJob() ? " of a job" : send.ofList() ? " of a list" : "") + ", qos " + send.qos() + ", ttl "
                + send.ttl().toSeconds() + " s"
                + (later == null ? "" : (send.ofJob() ? ", handed in after " : ", due at ") + seconds(later.at()))
                + (send.collapseKey() == null ? "" : ", key " + send.collapseKey())
                + (send.journaled() ? ", mysql" : ", redis") + ")";
    }

    private static String words(Event.OfDevice event) {
        return event.endpoint() + ": "
                + switch (event) {
                    case Event.ForgetBegun _ -> "a back end has it forgotten";
                    case Event.ForgetTried tried ->
                        "to be forgotten, by " + tried.center() + after(tried.at(), tried.begunAt()) + ": "
                                + (tried.answer() == null ? "no answer" : tried.answer());
                    case Event.ForgetOver over -> over.done() ? "is forgotten" : "the back end gives up";
                };
    }

    static String after(long at, long begunAt) {
        return " after " + (at - begunAt) / 1_000_000 + " ms";
    }

    private static String words(Event.OfSession event) {
        Session session = event.session();
        String who = session.endpoint() + " " + session + ": ";
        return who
                + switch (event) {
                    case Event.Binding binding -> "binds, names seq " + session.named();
                    case Event.Bound bound -> "is bound, generation " + bound.generation();
                    case Event.Delivered push ->
                        "gets message " + number(push.stamp()) + ", seq " + push.seq() + ", id " + push.messageId()
                                + ", ttl left " + push.ttlMs() + " ms";
                    case Event.Handed push ->
                        "its app gets message " + number(push.stamp()) + ", seq " + push.seq() + ", id "
                                + push.messageId() + (push.maybeRepeated() ? ", maybe repeated" : "");
                    case Event.AckSent ack -> "acknowledges up to seq " + ack.seq();
                    case Event.CaughtUp up -> "has caught up to seq " + up.seq();
                    case Event.Deaf deaf -> "stops reading";
                    case Event.Ended ended -> "ends, code " + ended.code() + ", " + ended.how();
                    case Event.Forgot forgot -> forgot.done() ? "was forgotten" : "asks to be forgotten";
                };
    }

    static String number(io.longline.deploy.check.history.@Nullable Stamp stamp) {
        return stamp == null ? "(none of ours)" : Integer.toString(stamp.number());
    }
}
