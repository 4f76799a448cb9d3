package io.longline.deploy.check;

import io.longline.deploy.check.MessageCase.Copy;
import io.longline.deploy.check.history.Answer;
import io.longline.deploy.check.history.Event;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What back ends are told: in time, in the contract's shape, and always the same of one message. */
final class AnswerRules {
    /** Within this time there is an answer, whatever is broken behind the center. */
    private static final long DEADLINE = TimeUnit.SECONDS.toNanos(15);

    private final FaultLog faults;
    private final Findings findings;
    private final LaterRules later;

    AnswerRules(FaultLog faults, Findings findings, LaterRules later) {
        this.faults = faults;
        this.findings = findings;
        this.later = later;
    }

    void accept(Account account, Event.OfMessage event) {
        if (event instanceof Event.SendBegun begun) {
            account.begin(begun).open++;
        }
        MessageCase message = account.message(event.send().number());
        if (message == null) {
            return; // it was finally judged, and is only looked at once more
        }
        message.note(event);
        switch (event) {
            case Event.SendBegun begun -> {}
            case Event.SendOver over -> message.over = true;
            case Event.Unanswered none -> unanswered(message, none);
            case Event.Answered answered -> answered(account, message, answered);
            case Event.Looked looked -> looked(account, message, looked);
            case Event.JobTold told -> {
                form(message, told.center(), told.begunAt(), told.at(), told.answer());
                later.job(account, message, told);
            }
            case Event.ContradictBegun _ -> message.othersOpen++;
            case Event.Contradicted other -> contradicted(message, other);
            case Event.RecallBegun _ -> message.recalled = true;
            case Event.Recalled recall -> recalled(account, message, recall);
        }
    }

    private void unanswered(MessageCase message, Event.Unanswered event) {
        message.open--;
        message.lastAnswerAt = event.at();
        message.doubtful |= !event.refused();
        if (!faults.isDown(event.center(), event.begunAt(), event.at())) {
            findings.add(15, event.center() + " did not answer: " + event.how(), event.at(), message, null);
        }
    }

    private void answered(Account account, MessageCase message, Event.Answered event) {
        Answer answer = event.answer();
        message.open--;
        message.lastAnswerAt = event.at();
        form(message, event.center(), event.begunAt(), event.at(), answer);
        isFound(message, event.center(), event.at(), answer);
        if (answer.isOverLimit()) {
            message.refused = true;
            return;
        }
        if (!answer.isSuccess()) {
            message.doubtful = true;
            if (answer.status() == 409 && !message.contradicted && !message.mayBeOthers(faults, event.at())) {
                findings.add(8, "the same body is called another one", event.at(), message, null);
            }
            return;
        }
        if (message.id != null && !message.id.equals(answer.messageId())) {
            String what = "answered with id " + answer.messageId() + " instead of " + message.id;
            findings.add(8, what, event.at(), message, null);
        }
        message.id = answer.messageId();
        message.successAt = message.isAnswered() ? message.successAt : event.at();
        if (message.send.isStored() && message.send.later() == null) {
            targets(account, message, event);
        }
        statuses(account, message, answer, event.begunAt(), event.at());
        statusCode(message, event);
    }

    /** Nothing that is asked for here need be known before. */
    void isFound(@Nullable Traced message, String center, long at, Answer answer) {
        if (answer.status() == 404) {
            findings.add(15, center + " cannot find what it is asked to do: " + answer, at, message, null);
        }
    }

    /** Every device that was known must be among the results, and nobody else's. */
    private void targets(Account account, MessageCase message, Event.Answered event) {
        for (Answer.Result result : event.answer().results()) {
            if (!result.user().equals(message.send.user())) {
                findings.add(4, "answered with user " + result.user(), event.at(), message, null);
            }
            Copy copy = message.copy(result.device());
            copy.listed = true;
            copy.excused |= account.mayForget(result.device(), message.startsAt);
            account.answered(result.seq());
        }
        if (isRecalledUnsent(message, event.answer())) {
            return; // a limit had refused it, and what was recalled since is stored for nobody
        }
        Set<String> listed =
                event.answer().results().stream().map(Answer.Result::device).collect(Collectors.toSet());
        Set<String> wanted = message.send.device() == null ? message.known : Set.of(message.send.device());
        wanted.stream()
                .filter(device -> !listed.contains(device))
                .filter(device -> !account.endpoint(device).mayForget(faults, message.firstBegun))
                .filter(device ->
                        message.send.journaled() || !account.endpoint(device).mayBeUnknown(message.firstBegun))
                .forEach(device -> findings.add(
                        1, "the answer leaves out device " + device, event.at(), message, account.endpoint(device)));
    }

    private void looked(Account account, MessageCase message, Event.Looked event) {
        form(message, event.center(), event.begunAt(), event.at(), event.answer());
        Answer own = own(message, event.answer(), event.at());
        if (message.refused && !message.mayBeSent() && own.isSuccess() && !isRecalledUnsent(message, own)) {
            findings.add(6, "was refused, and is known all the same", event.at(), message, null);
        }
        statuses(account, message, own, event.begunAt(), event.at());
    }

    /** A recall has it refused wherever its list was to go, also where a limit had refused it before. */
    private static boolean isRecalledUnsent(MessageCase message, Answer own) {
        return own.results().stream()
                .allMatch(result -> message.recalled
                        && result.isWithoutCopy()
                        && result.status().equals("recalled"));
    }

    /** What an answer about a whole message says of this target. */
    private Answer own(MessageCase message, Answer answer, long at) {
        Answer own = answer.of(message.send.user());
        if (!message.send.ofList() && own.results().size() < answer.results().size()) {
            findings.add(4, "told of another user: " + answer, at, message, null);
        }
        return own;
    }

    private void statuses(Account account, MessageCase message, Answer answer, long begunAt, long at) {
        if (!message.send.isStored()) {
            return;
        }
        later.told(account, message, answer, begunAt, at);
        for (Answer.Result result : answer.results()) {
            if (message.send.later() != null && result.isWithoutCopy()) {
                continue;
            }
            Copy copy = message.copy(result.device());
            EndpointCase endpoint = account.endpoint(result.device());
            account.assign(message, copy, result.seq(), at);
            if (copy.end != null && copy.endAt < begunAt && !copy.end.equals(result.status())) {
                String what = "was " + copy.end + " for good, and is now " + result.status();
                findings.add(copy.end.equals("acked") ? 3 : 9, what, at, message, endpoint);
            }
            if (copy.end == null && result.isFinal() && !faults.isRedisLost()) {
                end(account, message, copy, result, at);
            }
        }
    }

    private void end(Account account, MessageCase message, Copy copy, Answer.Result result, long at) {
        EndpointCase endpoint = account.endpoint(copy.device);
        copy.end = result.status();
        copy.endAt = at;
        boolean excused = copy.excused || account.mayForget(copy.device, message.startsAt);
        switch (result.status()) {
            case "acked" -> {
                endpoint.take(copy.seq, at);
                boolean arrived = copy.arrivedAt >= 0 || (message.mayMove() && message.hasArrived());
                if (!arrived && !excused && !message.mayHaveExpired(at)) {
                    findings.add(1, "acked, and never arrived", at, message, endpoint);
                }
            }
            case "expired" -> {
                if (!message.mayHaveExpired(at)) {
                    findings.add(9, "expired before its time", at, message, endpoint);
                }
            }
            case "collapsed" -> {
                if (message.send.collapseKey() == null) {
                    findings.add(9, "collapsed, and has no key", at, message, endpoint);
                }
            }
            case "recalled" -> {
                if (!message.recalled) {
                    findings.add(9, "recalled, and nobody asked for it", at, message, endpoint);
                }
            }
            default -> {
                if (!excused) {
                    String what = result.status() + " (" + result.reason() + "), though nothing was wrong with it";
                    findings.add(6, what, at, message, endpoint);
                }
            }
        }
    }

    private void statusCode(MessageCase message, Event.Answered event) {
        boolean behind = event.answer().results().stream().anyMatch(Answer.Result::isBehind);
        if (event.answer().results().isEmpty() || behind != (event.answer().status() == 202)) {
            findings.add(15, "the status code does not say what the results say", event.at(), message, null);
        }
    }

    private void contradicted(MessageCase message, Event.Contradicted event) {
        form(message, event.center(), event.begunAt(), event.at(), event.answer());
        message.othersOpen = Math.max(0, message.othersOpen - 1);
        boolean success = event.answer().isSuccess();
        boolean lost = faults.lostRedisBetween(message.firstBegun, event.at());
        if (success && !lost) {
            findings.add(8, "the same id with another body was taken", event.at(), message, null);
        }
        if (success || (lost && event.answer().status() != 409)) {
            message.contradicted = true;
            message.mayChange = true;
        }
    }

    /** Of all that was answered before, nothing waits any more; what is still being sent may come to wait later. */
    private void recalled(Account account, MessageCase message, Event.Recalled event) {
        form(message, event.center(), event.begunAt(), event.at(), event.answer());
        Answer answer = own(message, event.answer(), event.at());
        boolean settled = message.isSettled() && !faults.lostRedisBetween(event.begunAt(), event.at());
        if (answer.isSuccess() && settled && answer.results().stream().anyMatch(Answer.Result::isBehind)) {
            findings.add(9, "recalled, and still waits", event.at(), message, null);
        }
        message.mayComeAfterRecall |= !message.isSettled();
        statuses(account, message, answer, event.begunAt(), event.at());
    }

    private void form(MessageCase message, String center, long begunAt, long at, Answer answer) {
        form(message, null, center, begunAt, at, answer);
    }

    /** Within the deadline, and nothing but success, 429, 503, and what the request asks for. */
    void form(
            @Nullable Traced message,
            @Nullable EndpointCase endpoint,
            String center,
            long begunAt,
            long at,
            Answer answer) {
        if (at - begunAt > DEADLINE && !faults.isDown(center, begunAt, at)) {
            String what = center + " answered after " + (at - begunAt) / 1_000_000 + " ms";
            findings.add(15, what, at, message, endpoint);
        }
        if (answer.malformed() != null) {
            findings.add(15, "not of the contract's shape: " + answer.malformed(), at, message, endpoint);
        }
        Answer.Problem error = answer.error();
        boolean retryable = answer.status() == 503 || answer.status() == 429;
        boolean notFound =
                answer.status() == 404 && error != null && error.reason().equals("MESSAGE_NOT_FOUND");
        boolean conflict = answer.status() == 409
                && error != null
                && (error.reason().equals("IDEMPOTENCY_CONFLICT")
                        || error.reason().equals("JOB_STATE_CONFLICT"));
        if (!answer.isSuccess() && !retryable && !notFound && !conflict) {
            findings.add(15, center + " answered " + answer, at, message, endpoint);
        }
    }
}
