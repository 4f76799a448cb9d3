package io.longline.deploy.check;

import io.longline.deploy.check.history.Answer;
import io.longline.deploy.check.history.BroadcastEvent;
import io.longline.deploy.check.history.BroadcastState;
import org.jspecify.annotations.Nullable;

/** What a back end does to a broadcast in words. */
final class BroadcastTelling {
    private BroadcastTelling() {}

    static String words(BroadcastEvent event) {
        int number = event.send().number();
        return switch (event) {
            case BroadcastEvent.SendBegun begun -> words(begun);
            case BroadcastEvent.Answered answered ->
                "attempt " + answered.attempt() + " answered by " + answered.center()
                        + Telling.after(answered.at(), answered.begunAt()) + ": job " + answered.jobId() + " "
                        + words(answered.answer(), answered.job());
            case BroadcastEvent.Unanswered none ->
                "attempt " + none.attempt() + " not answered by " + none.center()
                        + Telling.after(none.at(), none.begunAt()) + ": " + none.how();
            case BroadcastEvent.SendOver _ -> "the back end is done with broadcast " + number;
            case BroadcastEvent.Looked looked ->
                "GET of the job of broadcast " + number + " from " + looked.center()
                        + Telling.after(looked.at(), looked.begunAt()) + ": " + words(looked.answer(), looked.job());
            case BroadcastEvent.ChangeBegun change ->
                "broadcast " + number + " is to be " + change.wish() + ", to " + change.center();
            case BroadcastEvent.Changed changed ->
                "broadcast " + number + " is to be " + changed.wish() + ", at " + changed.center()
                        + Telling.after(changed.at(), changed.begunAt()) + ": "
                        + words(changed.answer(), changed.job());
            case BroadcastEvent.RecallBegun recall -> "recall of broadcast " + number + " to " + recall.center();
            case BroadcastEvent.Recalled recalled ->
                "recall of broadcast " + number + " at " + recalled.center()
                        + Telling.after(recalled.at(), recalled.begunAt()) + ": " + words(recalled.answer(), null);
        };
    }

    private static String words(BroadcastEvent.SendBegun event) {
        var send = event.send();
        return "attempt " + event.attempt() + " of broadcast " + send.number() + " (id " + send.messageId()
                + ", to everybody in " + send.product() + "/" + send.topic() + ", ttl "
                + send.ttl().toSeconds() + " s, rate " + send.ratePerS() + ", canary " + send.canaryPermille()
                + (send.journaled() ? ", mysql" : ", redis") + ") to " + event.center();
    }

    private static String words(@Nullable Answer answer, @Nullable BroadcastState job) {
        if (answer == null) {
            return "no answer";
        }
        return job == null ? answer.toString() : answer.status() + (answer.replay() ? " replay " : " ") + job;
    }
}
