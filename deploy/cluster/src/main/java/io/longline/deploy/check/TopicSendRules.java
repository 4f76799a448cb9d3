package io.longline.deploy.check;

import io.longline.deploy.check.history.Answer;
import io.longline.deploy.check.history.TopicEvent;

/** What back ends are told of messages to topics: in time, in the contract's shape, and always the same of one. */
final class TopicSendRules {
    private final FaultLog faults;
    private final Findings findings;
    private final AnswerRules answers;

    TopicSendRules(FaultLog faults, Findings findings, AnswerRules answers) {
        this.faults = faults;
        this.findings = findings;
        this.answers = answers;
    }

    void accept(TopicLog log, TopicEvent.OfMessage event) {
        if (event instanceof TopicEvent.SendBegun begun && begun.attempt() == 1) {
            log.begin(begun);
        }
        TopicCase message = log.find(event.send().number());
        if (message == null) {
            return; // it was finally judged, and is only sent once more
        }
        message.note(event);
        switch (event) {
            case TopicEvent.SendBegun _ -> message.open++;
            case TopicEvent.SendOver _ -> message.over = true;
            case TopicEvent.Unanswered none -> unanswered(message, none);
            case TopicEvent.Answered answered -> answered(log, message, answered);
        }
    }

    private void unanswered(TopicCase message, TopicEvent.Unanswered event) {
        message.open--;
        message.lastAnswerAt = event.at();
        if (!faults.isDown(event.center(), event.begunAt(), event.at())) {
            findings.add(15, event.center() + " did not answer: " + event.how(), event.at(), message, null);
        }
    }

    private void answered(TopicLog log, TopicCase message, TopicEvent.Answered event) {
        Answer answer = event.answer();
        message.open--;
        message.lastAnswerAt = event.at();
        answers.form(message, null, event.center(), event.begunAt(), event.at(), answer);
        answers.isFound(message, event.center(), event.at(), answer);
        if (answer.status() == 409) {
            findings.add(8, "the same body is called another one", event.at(), message, null);
        }
        if (!answer.isSuccess()) {
            return;
        }
        if (message.id != null && !message.id.equals(answer.messageId())) {
            String what = "answered with id " + answer.messageId() + " instead of " + message.id;
            findings.add(8, what, event.at(), message, null);
        }
        message.id = answer.messageId();
        message.successAt = message.isAnswered() ? message.successAt : event.at();
        log.assign(message, event.offset(), event.at(), null);
        log.told(event.offset());
    }
}
