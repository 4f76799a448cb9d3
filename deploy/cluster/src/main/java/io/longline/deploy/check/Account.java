package io.longline.deploy.check;

import io.longline.deploy.check.MessageCase.Copy;
import io.longline.deploy.check.history.EndpointId;
import io.longline.deploy.check.history.Event;
import io.longline.deploy.check.history.Sending;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One user of one product: the devices, and the messages that are not finally judged. Seqs are drawn from one counter. */
final class Account {
    private static final String ANY = "*";

    private final String product;
    private final String user;
    private final FaultLog faults;
    private final Findings findings;
    private final Map<Integer, MessageCase> messages = new HashMap<>();
    private final Map<Long, Integer> bySeq = new HashMap<>();
    private final Map<String, EndpointCase> endpoints = new HashMap<>();

    /** The highest seq that was given at a device to a message with a collapse key. */
    private final Map<String, Long> newestWithKey = new HashMap<>();

    private long highestAnswered;

    Account(String product, String user, FaultLog faults, Findings findings) {
        this.product = product;
        this.user = user;
        this.faults = faults;
        this.findings = findings;
    }

    String product() {
        return product;
    }

    String user() {
        return user;
    }

    EndpointCase endpoint(String device) {
        return endpoints.computeIfAbsent(device, name -> new EndpointCase(new EndpointId(product, user, name)));
    }

    Collection<EndpointCase> endpoints() {
        return endpoints.values();
    }

    /** Null where it is unknown, or was finally judged. */
    @Nullable
    MessageCase message(int number) {
        return messages.get(number);
    }

    MessageCase begin(Event.SendBegun event) {
        return messages.computeIfAbsent(
                event.send().number(),
                number -> new MessageCase(event.send(), event.at(), highestAnswered, knownDevices()));
    }

    List<MessageCase> messages() {
        return new ArrayList<>(messages.values());
    }

    int size() {
        return messages.size();
    }

    private Set<String> knownDevices() {
        return endpoints.values().stream()
                .filter(EndpointCase::isKnown)
                .map(endpoint -> endpoint.id.device())
                .collect(Collectors.toSet());
    }

    /** A message has this seq at a device: from an answer, or because it came there. */
    void assign(MessageCase message, Copy copy, long seq, long at) {
        if (seq == 0 || copy.seq == seq) {
            return;
        }
        EndpointCase endpoint = endpoint(copy.device);
        boolean mayBeAnew = message.mayMove() || message.mayChange || message.mayBeOthers(faults, at);
        if (copy.seq > 0 && mayForget(copy.device, message.startsAt)) {
            copy.isAnew(); // dropped with its device, which came back, and then the message was repeated
        } else if (copy.seq > 0 && !mayBeAnew) {
            findings.add(8, "stored twice, with seq " + copy.seq + " and " + seq, at, message, endpoint);
        }
        copy.seq = seq;
        supersede(message.send, copy.device, seq);
        if (seq <= message.floor && !message.mayMove()) {
            String what = "seq " + seq + " is not above " + message.floor
                    + ", which was answered for this user before the message was first sent";
            findings.add(2, what, at, message, endpoint);
        }
        Integer other = bySeq.putIfAbsent(seq, message.send.number());
        if (other != null && other != message.send.number()) {
            findings.add(3, "seq " + seq + " was given to message " + other + " before", at, message, endpoint);
        }
    }

    /** A message with this seq takes the place of older ones that have its key; one for now or never takes none's. */
    private void supersede(Sending send, String device, long seq) {
        if (send.collapseKey() != null && send.isStored()) {
            newestWithKey.merge(device + " " + send.collapseKey(), seq, Math::max);
            newestWithKey.merge(ANY + " " + send.collapseKey(), seq, Math::max);
        }
    }

    /** Whether a message must still arrive at a device. One that gave way to a newer one with its key need not. */
    boolean isOwed(MessageCase message, Copy copy) {
        return message.owes(copy) && (message.send.collapseKey() == null || !gaveWay(message, copy));
    }

    private boolean gaveWay(MessageCase message, Copy copy) {
        String key = String.valueOf(message.send.collapseKey());
        String device = message.mayMove() ? ANY : copy.device;
        return newestWithKey.getOrDefault(device + " " + key, 0L) > copy.seq
                || messages.values().stream()
                        .filter(other -> other != message && key.equals(other.send.collapseKey()))
                        .anyMatch(other -> other.doubtful || other.isUntold());
    }

    /** Whether what was sent to a device from then on may have gone with it, or with the one that took over what is for any. */
    boolean mayForget(String device, long sentAt) {
        return endpoint(device).mayForget(faults, sentAt)
                || (device.equals(EndpointId.DEFAULT_DEVICE)
                        && endpoints.values().stream()
                                .anyMatch(other -> other.everCame() && other.mayForget(faults, sentAt)));
    }

    void answered(long seq) {
        highestAnswered = Math.max(highestAnswered, seq);
    }

    /** Redis lost what it knew. What was not in the journal by now may be undone, or lost where that is not promised. */
    void redisWasLost(long now) {
        endpoints.values().forEach(endpoint -> endpoint.soften(faults, now));
        for (MessageCase message : messages.values()) {
            boolean kept = message.isAnswered()
                    && (message.send.journaled() || faults.isJournaled(message.keptSince(now), now));
            // Of durability redis is journaled what waits; what has ended may be forgotten with its id.
            message.mayBeLost |= message.isAnswered() && !kept;
            if (!message.send.journaled() && !faults.isJournaled(message.unsentEndAt, now)) {
                message.unsentEnd = null;
            }
            boolean stored =
                    message.send.later() == null || message.isSentOut(); // else its copies may not have been journaled
            message.mayChange |= !kept || !stored || !message.send.journaled() || message.othersOpen > 0;
            message.copies().forEach(copy -> {
                copy.excused |= message.isAnswered() && !kept;
                boolean staysSo = message.send.journaled() && faults.isJournaled(copy.endAt, now);
                copy.end = staysSo ? copy.end : null;
            });
        }
    }

    /** What was finally judged needs not be remembered. */
    void forget(Sending send) {
        MessageCase message = messages.remove(send.number());
        if (message != null) {
            message.copies().forEach(copy -> bySeq.remove(copy.seq, send.number()));
        }
    }
}
