package io.longline.deploy.check;

import io.longline.deploy.check.history.Answer;
import io.longline.deploy.check.history.BroadcastEvent;
import io.longline.deploy.check.history.BroadcastState;
import org.jspecify.annotations.Nullable;

/** What back ends are told of broadcasts: always the same of what is so for good, no end that nobody wished, counts that add up, no more than the rate. */
final class BroadcastJobRules {
    private final FaultLog faults;
    private final Findings findings;
    private final AnswerRules answers;

    BroadcastJobRules(FaultLog faults, Findings findings, AnswerRules answers) {
        this.faults = faults;
        this.findings = findings;
        this.answers = answers;
    }

    void accept(BroadcastLog log, BroadcastEvent event) {
        if (event instanceof BroadcastEvent.SendBegun begun && begun.attempt() == 1) {
            log.begin(begun);
        }
        BroadcastCase broadcast = log.find(event.send().number());
        if (broadcast == null) {
            return; // it was finally judged, and is only asked for once more
        }
        broadcast.note(event);
        switch (event) {
            case BroadcastEvent.SendBegun _ -> broadcast.open++;
            case BroadcastEvent.SendOver _ -> broadcast.over = true;
            case BroadcastEvent.Unanswered none -> {
                broadcast.open--;
                broadcast.lastAnswerAt = none.at();
                unanswered(broadcast, none.center(), none.begunAt(), none.at());
            }
            case BroadcastEvent.Answered answered -> answered(log, broadcast, answered);
            case BroadcastEvent.Looked looked -> {
                answered(broadcast, looked.center(), looked.begunAt(), looked.at(), looked.answer());
                told(log, broadcast, looked.job(), looked.begunAt(), looked.at());
            }
            case BroadcastEvent.ChangeBegun change -> broadcast.wished(change.wish());
            case BroadcastEvent.Changed changed -> changed(log, broadcast, changed);
            case BroadcastEvent.RecallBegun _ -> broadcast.endWished = true;
            case BroadcastEvent.Recalled recalled -> recalled(broadcast, recalled);
        }
    }

    private void unanswered(BroadcastCase broadcast, String center, long begunAt, long at) {
        if (!faults.isDown(center, begunAt, at)) {
            findings.add(15, center + " did not answer", at, broadcast, null);
        }
    }

    private void answered(BroadcastCase broadcast, String center, long begunAt, long at, Answer answer) {
        answers.form(broadcast, null, center, begunAt, at, answer);
        answers.isFound(broadcast, center, at, answer);
    }

    private void answered(BroadcastLog log, BroadcastCase broadcast, BroadcastEvent.Answered event) {
        Answer answer = event.answer();
        broadcast.open--;
        broadcast.lastAnswerAt = event.at();
        answered(broadcast, event.center(), event.begunAt(), event.at(), answer);
        if (answer.status() == 409) {
            findings.add(8, "the same body is called another one", event.at(), broadcast, null);
        }
        if (!answer.isSuccess()) {
            return;
        }
        if (broadcast.id != null && !broadcast.id.equals(answer.messageId())) {
            String what = "answered with id " + answer.messageId() + " instead of " + broadcast.id;
            findings.add(8, what, event.at(), broadcast, null);
        }
        if (!broadcast.jobId.isEmpty() && !broadcast.jobId.equals(event.jobId())) {
            String what = "taken twice, as jobs " + broadcast.jobId + " and " + event.jobId();
            findings.add(8, what, event.at(), broadcast, null);
        }
        broadcast.id = answer.messageId();
        broadcast.jobId = event.jobId();
        broadcast.successAt = broadcast.isAnswered() ? broadcast.successAt : event.at();
        told(log, broadcast, event.job(), event.begunAt(), event.at());
    }

    private void changed(BroadcastLog log, BroadcastCase broadcast, BroadcastEvent.Changed event) {
        Answer answer = event.answer();
        broadcast.wishOver(answer != null && (answer.isSuccess() || answer.status() == 409), event.at());
        if (answer == null) {
            unanswered(broadcast, event.center(), event.begunAt(), event.at());
            return;
        }
        answered(broadcast, event.center(), event.begunAt(), event.at(), answer);
        if (answer.status() == 409) {
            broadcast.conflictAt = broadcast.conflictAt < 0 ? event.at() : broadcast.conflictAt;
        }
        BroadcastState job = event.job();
        told(log, broadcast, job, event.begunAt(), event.at());
        if (job != null && event.wish().ends()) {
            broadcast.goneAt = broadcast.goneAt < 0 ? event.at() : broadcast.goneAt;
            if (!job.state().equals("cancelled")) {
                findings.add(10, "is cancelled, and called " + job.state(), event.at(), broadcast, null);
            }
        }
    }

    private void recalled(BroadcastCase broadcast, BroadcastEvent.Recalled event) {
        Answer answer = event.answer();
        if (answer == null) {
            unanswered(broadcast, event.center(), event.begunAt(), event.at());
            return;
        }
        answered(broadcast, event.center(), event.begunAt(), event.at(), answer);
        if (answer.isSuccess()) {
            broadcast.goneAt = broadcast.goneAt < 0 ? event.at() : broadcast.goneAt;
        }
    }

    // ---- how far it is ----

    private void told(BroadcastLog log, BroadcastCase broadcast, @Nullable BroadcastState job, long begunAt, long at) {
        if (job == null) {
            return;
        }
        log.assign(broadcast, job.offset(), at, null);
        if (job.offset() == 0) {
            broadcast.notBegunAt = Math.max(broadcast.notBegunAt, begunAt);
        }
        broadcast.rests(job.state().equals("paused"), at);
        staysSo(broadcast, job, begunAt, at);
        pace(broadcast, job, begunAt, at);
        counts(broadcast, job, at);
        if (job.isFinal() && broadcast.end == null) {
            end(broadcast, job, at);
            log.done(broadcast, at);
        }
    }

    private void staysSo(BroadcastCase broadcast, BroadcastState job, long begunAt, long at) {
        if (broadcast.end != null && broadcast.endAt < begunAt && !broadcast.end.equals(job.state())) {
            String what = "was " + broadcast.end + " for good, and is now " + job.state();
            findings.add(10, what, at, broadcast, null);
        }
        if (broadcast.conflictAt >= 0 && broadcast.conflictAt < begunAt && !job.isFinal()) {
            findings.add(10, "could not be changed as it had ended, and is " + job.state(), at, broadcast, null);
            broadcast.conflictAt = Long.MAX_VALUE; // said once
        }
    }

    private void end(BroadcastCase broadcast, BroadcastState job, long at) {
        broadcast.end = job.state();
        broadcast.endAt = at;
        switch (job.state()) {
            case "done" -> {}
            case "cancelled" -> {
                boolean expired = job.reason().equals("ttl") && broadcast.mayHaveExpired(at);
                if (!broadcast.endWished && !expired) {
                    findings.add(9, "was cancelled, and nobody asked for it", at, broadcast, null);
                }
            }
            default -> {
                if (!broadcast.mayBeLost) {
                    findings.add(10, "failed (" + job.reason() + ")", at, broadcast, null);
                }
            }
        }
    }

    /** What came while somebody was left came because it was let, at its rate. Where something is wrong a room that died may be who is left. */
    private void pace(BroadcastCase broadcast, BroadcastState job, long begunAt, long at) {
        boolean runs = job.state().equals("running") && job.left() > 0;
        if (!runs || faults.anyBetween(broadcast.firstBegun(), at)) {
            return;
        }
        broadcast.cameWhileItRan = broadcast.arrivedBy(begunAt);
        if (broadcast.cameWhileItRan > broadcast.mayHaveArrivedBy(begunAt)) {
            String what = "came to " + broadcast.cameWhileItRan + " sessions, and its rate lets "
                    + broadcast.mayHaveArrivedBy(begunAt) + " have it by then";
            findings.add(10, what, at, broadcast, null);
        }
    }

    private void counts(BroadcastCase broadcast, BroadcastState job, long at) {
        long skipped = job.isFinal() ? job.targeted() - job.sent() : 0;
        boolean addUp = job.acked() <= job.sent() && job.sent() <= job.targeted() && job.skipped() == skipped;
        if (!addUp) {
            findings.add(10, "its counts do not add up: " + job, at, broadcast, null);
        }
        boolean calm = !faults.anyBetween(broadcast.firstBegun(), at);
        if (calm && job.isFinal() && broadcast.end == null && job.sent() < broadcast.cameWhileItRan) {
            String what = "came to " + broadcast.cameWhileItRan + " sessions while it ran, and its job says " + job;
            findings.add(10, what, at, broadcast, null);
        }
    }
}
