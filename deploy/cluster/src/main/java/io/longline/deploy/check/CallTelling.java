package io.longline.deploy.check;

import io.longline.deploy.check.history.CallEvent;
import io.longline.deploy.check.history.GroupEvent;
import io.longline.deploy.check.history.HookEvent;
import io.longline.deploy.check.history.KickEvent;
import io.longline.deploy.check.history.PresenceEvent;
import io.longline.deploy.check.history.Uplink;
import io.longline.deploy.check.history.UplinkEvent;

/** What goes beside messages, as a line of a history. */
final class CallTelling {
    private CallTelling() {}

    static String words(CallEvent event) {
        return switch (event) {
            case UplinkEvent uplink -> words(uplink);
            case HookEvent hook -> words(hook);
            case GroupEvent group -> words(group);
            case KickEvent kick -> words(kick);
            case PresenceEvent.Read read -> "the log of " + read.product() + " is read after " + read.after();
            case PresenceEvent.Snapshot snapshot -> "the snapshot of " + snapshot.product() + " is read";
        };
    }

    private static String words(UplinkEvent event) {
        return switch (event) {
            case UplinkEvent.Begun begun -> words(begun.uplink()) + " is sent";
            case UplinkEvent.Taken taken -> words(taken.uplink()) + " is acknowledged";
            case UplinkEvent.Refused refused -> words(refused.uplink()) + " is refused: " + refused.reason();
            case UplinkEvent.Replied replied ->
                replied.session() + " gets a reply to " + replied.inReplyTo() + ", seq " + replied.seq();
        };
    }

    private static String words(Uplink uplink) {
        return "uplink " + uplink.number() + " (id " + uplink.id() + ", type " + uplink.type() + ", of "
                + uplink.endpoint() + ")";
    }

    private static String words(HookEvent event) {
        return switch (event) {
            case HookEvent.Served served -> "a callback for " + served.kind() + " of " + served.product();
            case HookEvent.Told told -> "the callback is told " + told.notice();
            case HookEvent.ReplyBegun begun -> "the callback replies: " + begun.reply();
            case HookEvent.ReplyGiven given -> "the callback has replied: " + given.reply();
        };
    }

    private static String words(GroupEvent event) {
        String who = "a consumer of " + event.group();
        return switch (event) {
            case GroupEvent.Pulled pulled ->
                who + " gets " + pulled.lent().size() + " uplinks" + Telling.after(pulled.at(), pulled.begunAt());
            case GroupEvent.SettleBegun begun ->
                who + (begun.finish() ? " finishes " : " gives back ") + begun.leaseIds();
            case GroupEvent.Finished finished -> who + " has finished " + finished.leaseIds();
        };
    }

    private static String words(KickEvent event) {
        return event.kick()
                + switch (event) {
                    case KickEvent.Begun _ -> " is asked for";
                    case KickEvent.Tried tried ->
                        ", by " + tried.center() + Telling.after(tried.at(), tried.begunAt()) + ": "
                                + (tried.answer() == null ? "no answer" : tried.answer());
                    case KickEvent.Over over -> over.done() ? " is done" : " is given up";
                };
    }
}
