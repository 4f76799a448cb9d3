package io.longline.deploy.check;

import io.longline.deploy.check.MessageCase.Copy;
import io.longline.deploy.check.history.Answer;
import io.longline.deploy.check.history.EndpointId;
import io.longline.deploy.check.history.Event;

/** Devices that are forgotten: what waited for them need not come, and where a back end was told that it is done, must not. */
final class ForgetRules {
    private final FaultLog faults;
    private final Findings findings;
    private final AnswerRules answers;

    ForgetRules(FaultLog faults, Findings findings, AnswerRules answers) {
        this.faults = faults;
        this.findings = findings;
        this.answers = answers;
    }

    /** It is forgotten at its own wish. */
    void forgot(Account account, EndpointCase endpoint, Event.Forgot event) {
        endpoint.forget(event);
        excuse(account, endpoint);
        tell(account, event);
    }

    /** A back end has it forgotten. */
    void accept(Account account, EndpointCase endpoint, Event.OfDevice event) {
        tell(account, event);
        switch (event) {
            case Event.ForgetBegun _ -> {
                endpoint.forgetterBegun();
                excuse(account, endpoint);
            }
            case Event.ForgetTried tried -> tried(endpoint, tried);
            case Event.ForgetOver over -> over(account, endpoint, over);
        }
    }

    private void tried(EndpointCase endpoint, Event.ForgetTried event) {
        Answer answer = event.answer();
        if (answer != null) {
            answers.form(null, endpoint, event.center(), event.begunAt(), event.at(), answer);
        } else if (!faults.isDown(event.center(), event.begunAt(), event.at())) {
            findings.add(15, event.center() + " did not answer", event.at(), null, endpoint);
        }
        boolean certain = answer == null ? event.refused() : answer.isSuccess();
        if (!certain) {
            endpoint.forgetterDoubts();
        }
    }

    private void over(Account account, EndpointCase endpoint, Event.ForgetOver event) {
        boolean certain =
                event.done() && !endpoint.isForgetDoubtful() && !faults.anyBetween(event.begunAt(), event.at());
        excuse(account, endpoint);
        endpoint.forgetterOver(event.at());
        if (certain) {
            endpoint.sessions()
                    .filter(session -> session.generation > 0 && session.boundAt >= 0)
                    .filter(session -> session.boundAt < event.begunAt())
                    .forEach(session -> session.lost(event.at(), SessionCase.FORGOTTEN));
        }
        if (event.done()) {
            account.messages().stream()
                    .filter(message -> message.isSettled() && !message.mayMove())
                    .filter(message -> message.keptSince(event.at()) < event.begunAt())
                    .flatMap(MessageCase::copies)
                    .filter(copy -> isAt(copy, endpoint) && copy.seq > 0 && copy.forgottenAt < 0)
                    .forEach(copy -> copy.forgottenAt = event.at());
        }
    }

    /** Also what was stored for whichever device comes first, which may be this one. */
    private static void excuse(Account account, EndpointCase endpoint) {
        account.messages().stream()
                .flatMap(MessageCase::copies)
                .filter(copy ->
                        isAt(copy, endpoint) || (copy.device.equals(EndpointId.DEFAULT_DEVICE) && endpoint.everCame()))
                .forEach(copy -> copy.excused = true);
    }

    /** What was for whichever device comes may go with any, so its history tells of all. */
    private static void tell(Account account, Event event) {
        account.messages().stream().filter(MessageCase::mayMove).forEach(message -> message.note(event));
    }

    private static boolean isAt(Copy copy, EndpointCase endpoint) {
        return copy.device.equals(endpoint.id.device());
    }
}
