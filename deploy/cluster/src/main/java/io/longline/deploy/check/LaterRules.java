package io.longline.deploy.check;

import io.longline.deploy.check.MessageCase.Copy;
import io.longline.deploy.check.history.Answer;
import io.longline.deploy.check.history.EndpointId;
import io.longline.deploy.check.history.Event;
import io.longline.deploy.check.history.JobState;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is to be sent later: nothing of it before it is due, nothing at all where it was recalled before that, and else to all devices that are
 * known then.
 */
final class LaterRules {
    /** The clock of the store and that of the run agree by far less. */
    private static final long TOLERANCE = TimeUnit.MILLISECONDS.toNanos(250);

    private final FaultLog faults;
    private final Findings findings;

    LaterRules(FaultLog faults, Findings findings) {
        this.faults = faults;
        this.findings = findings;
    }

    /** An answer about it; results with a copy are judged like those of any message, too. */
    void told(Account account, MessageCase message, Answer answer, long begunAt, long at) {
        if (message.send.later() == null || !message.send.isStored()) {
            return;
        }
        if (isUnknown(answer) && faults.lostRedisBetween(message.firstBegun, at)) {
            unknown(account, message);
        }
        List<Answer.Result> without =
                answer.results().stream().filter(Answer.Result::isWithoutCopy).toList();
        without.forEach(result -> unsent(message, result, begunAt, at));
        if (!answer.results().isEmpty() && without.isEmpty()) {
            staysSo(message, "sent", begunAt, at);
            sent(account, message, answer, at);
        }
    }

    /** Of its job; nobody says to which devices it was sent. */
    void job(Account account, MessageCase message, Event.JobTold told) {
        JobState job = told.job();
        if (job == null) {
            return;
        }
        if (job.state().equals("cancelled") && !message.recalled) {
            findings.add(9, "its job was cancelled, and nobody asked for it", told.at(), message, null);
        }
        if (job.state().equals("done") && !message.isSentOut()) {
            if (job.skipped() > 0) {
                findings.add(
                        1, "its job left targets out, though nothing was wrong with them", told.at(), message, null);
            }
            message.sentOut(told.at());
            var _ = owe(account, message);
        }
    }

    private static boolean isUnknown(Answer answer) {
        return answer.status() == 404;
    }

    /** Its record was in Redis alone. A product that MySQL keeps is owed the message all the same, at every device that certainly was known. */
    private void unknown(Account account, MessageCase message) {
        if (message.isSentOut() || message.recalled) {
            return;
        }
        message.mayBeLost |= !message.send.journaled() || owe(account, message).isEmpty();
    }

    /** Every device that certainly was known must get it, though no answer names it. */
    private Set<String> owe(Account account, MessageCase message) {
        Set<String> devices = certain(account, message);
        devices.forEach(device -> message.copy(device).listed = true);
        return devices;
    }

    private void unsent(MessageCase message, Answer.Result result, long begunAt, long at) {
        String status = result.status();
        staysSo(message, status, begunAt, at);
        if (!result.isFinal()) {
            return;
        }
        switch (status) {
            case "recalled" -> {
                if (!message.recalled) {
                    findings.add(9, "recalled, and nobody asked for it", at, message, null);
                }
            }
            case "expired" -> {
                if (!message.mayHaveExpired(at)) {
                    findings.add(9, "expired before its time", at, message, null);
                }
            }
            default -> {
                String what = status + " (" + result.reason() + "), though nothing was wrong with it";
                findings.add(6, what, at, message, null);
            }
        }
        if (message.unsentEnd == null) {
            message.unsentEnd = status;
            message.unsentEndAt = at;
        }
    }

    private void staysSo(MessageCase message, String status, long begunAt, long at) {
        String end = message.unsentEnd;
        if (end != null && message.unsentEndAt < begunAt && !end.equals(status) && !message.mayComeAfterRecall) {
            findings.add(9, "was " + end + " for good, and is now " + status, at, message, null);
        }
    }

    private void sent(Account account, MessageCase message, Answer answer, long at) {
        if (isEarly(message, at)) {
            findings.add(9, "was sent before it was due", at, message, null);
        }
        message.sentOut(at);
        Set<String> listed =
                answer.results().stream().map(Answer.Result::device).collect(Collectors.toSet());
        for (String device : listed) {
            Copy copy = message.copy(device);
            copy.listed = true;
            copy.excused |= account.mayForget(device, message.startsAt);
        }
        if (!faults.lostRedisBetween(message.firstBegun, at)) {
            certain(account, message).stream()
                    .filter(device -> !listed.contains(device))
                    .forEach(device -> findings.add(
                            1, "the answer leaves out device " + device, at, message, account.endpoint(device)));
        }
    }

    /** The devices that were known when it was due, and have been since. */
    private Set<String> certain(Account account, MessageCase message) {
        return account.endpoints().stream()
                .filter(endpoint -> endpoint.isKnownSince(message.startsAt))
                .filter(endpoint -> !endpoint.mayForget(faults, message.startsAt))
                .filter(endpoint -> message.send.journaled() || !endpoint.mayBeUnknown(message.startsAt))
                .map(endpoint -> endpoint.id.device())
                .filter(device -> isMeant(message.send.device(), device))
                .collect(Collectors.toSet());
    }

    /** What is for {@code default} may be with its heir. */
    private static boolean isMeant(@Nullable String target, String device) {
        return target == null || (target.equals(device) && !device.equals(EndpointId.DEFAULT_DEVICE));
    }

    /** It turns up somewhere. */
    void arrives(MessageCase message, EndpointCase endpoint, long at) {
        if (message.send.later() == null) {
            return;
        }
        if (isEarly(message, at)) {
            findings.add(9, "arrives before it is due", at, message, endpoint);
        }
        if (message.unsentEnd != null && message.unsentEndAt < at && !message.mayComeAfterRecall) {
            findings.add(
                    9, "arrives, though it was " + message.unsentEnd + " before it was sent", at, message, endpoint);
        }
    }

    private static boolean isEarly(MessageCase message, long at) {
        return at < message.startsAt - TOLERANCE;
    }
}
