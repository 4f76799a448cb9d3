package io.longline.deploy.check;

import io.longline.deploy.check.history.TopicEvent;
import io.longline.deploy.check.history.TopicSending;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One topic of one product: the messages that are not finally judged, and who has to do with it. */
final class TopicLog {
    /** So many messages a log holds at least, whatever a saver is told; a run does not fill it with bytes. */
    static final int HOLDS = 10_000;

    private final Findings findings;
    private final Map<Integer, TopicCase> messages = new HashMap<>();
    private final Map<Long, Integer> byOffset = new HashMap<>();
    private final Map<String, UserTopic> users = new HashMap<>();
    private long highestAnswered;
    private int begun;

    TopicLog(Findings findings) {
        this.findings = findings;
    }

    /** One that is sent for the first time. */
    void begin(TopicEvent.SendBegun event) {
        begun++;
        messages.put(event.send().number(), new TopicCase(event.send(), event.at(), highestAnswered));
    }

    /** Null where it is unknown, or was finally judged. */
    @Nullable
    TopicCase message(int number) {
        return messages.get(number);
    }

    List<TopicCase> messages() {
        return new ArrayList<>(messages.values());
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

    void answered(long offset) {
        highestAnswered = Math.max(highestAnswered, offset);
    }

    /** A message has this offset: from an answer, or because it came with it. */
    void assign(TopicCase message, long offset, long at, @Nullable EndpointCase endpoint) {
        if (message.offset == offset) {
            return;
        }
        if (message.offset > 0 && !message.mayChange) {
            String what = "published twice, with offset " + message.offset + " and " + offset;
            findings.add(8, what, at, message, endpoint);
            message.mayChange = true; // said once; what else is wrong with it follows from this
        }
        message.offset = offset;
        if (offset <= message.floor) {
            String what = "offset " + offset + " is not above " + message.floor
                    + ", which was answered for this topic before the message was first sent";
            findings.add(2, what, at, message, endpoint);
        }
        Integer other = byOffset.putIfAbsent(offset, message.number());
        if (other != null && other != message.number()) {
            findings.add(3, "offset " + offset + " was given to message " + other + " before", at, message, endpoint);
        }
    }

    /** What was finally judged needs not be remembered. */
    void forget(TopicSending send) {
        TopicCase message = messages.remove(send.number());
        if (message != null) {
            byOffset.remove(message.offset, send.number());
        }
    }
}
