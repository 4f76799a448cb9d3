package io.longline.deploy.check;

import io.longline.deploy.check.history.TopicEvent;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/** One topic of one product: the messages that are not finally judged, and who has to do with it. */
final class TopicLog extends CaseLog<TopicCase> {
    /** So many messages a log holds at least, whatever a saver is told; a run does not fill it with bytes. */
    static final int HOLDS = 10_000;

    private final Map<String, UserTopic> users = new HashMap<>();
    private int begun;

    TopicLog(Findings findings) {
        super(findings);
    }

    /** One that is sent for the first time. */
    void begin(TopicEvent.SendBegun event) {
        begun++;
        begin(new TopicCase(event.send(), event.at(), highest()));
    }

    UserTopic user(String user, Account account) {
        return users.computeIfAbsent(user, _ -> new UserTopic(account));
    }

    Collection<UserTopic> users() {
        return users.values();
    }

    /** Whether messages may have left it for lack of room. */
    boolean mayBeCut() {
        return begun > HOLDS;
    }

    /** An endpoint to which a message is owed. */
    record Owed(TopicCase message, EndpointCase endpoint) {}

    Stream<Owed> owed(TopicCase message) {
        return users.values().stream()
                .flatMap(user -> user.account.endpoints().stream()
                        .filter(endpoint -> message.isOwed(user, endpoint))
                        .map(endpoint -> new Owed(message, endpoint)));
    }
}
