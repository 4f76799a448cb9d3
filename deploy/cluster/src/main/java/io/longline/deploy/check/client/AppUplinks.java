package io.longline.deploy.check.client;

import io.longline.deploy.check.history.CallHistory;
import io.longline.deploy.check.history.Event.Session;
import io.longline.deploy.check.history.Reply;
import io.longline.deploy.check.history.Uplink;
import io.longline.sdk.LonglineClient;
import io.longline.sdk.Message;
import io.longline.sdk.UplinkRefused;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What an app on the SDK still has to send; it keeps that over its restarts, as it gives it ids of its own. Any thread. */
final class AppUplinks {
    private static final int MOST_WAITING = 50;
    private static final long REQUEST_MS = 10_000;

    private final CallHistory history;
    private final Map<Uplink, String> waiting = new LinkedHashMap<>();

    AppUplinks(CallHistory history) {
        this.history = history;
    }

    /** Gives one to the SDK, or keeps it until there is one. */
    void send(@Nullable LonglineClient client, Uplink uplink, String text) {
        synchronized (waiting) {
            if (waiting.size() >= MOST_WAITING) {
                return;
            }
            waiting.put(uplink, text);
        }
        if (client != null) {
            say(client, uplink, text);
        }
    }

    boolean isEmpty() {
        synchronized (waiting) {
            return waiting.isEmpty();
        }
    }

    /** The app begins anew with what it does not know to be taken. */
    void begin(LonglineClient client) {
        Map<Uplink, String> left;
        synchronized (waiting) {
            left = new LinkedHashMap<>(waiting);
        }
        new ArrayList<>(left.entrySet()).forEach(each -> say(client, each.getKey(), each.getValue()));
    }

    private void say(LonglineClient client, Uplink uplink, String text) {
        history.uplinkBegun(uplink);
        var _ = client.uplinks().send(uplink.id(), uplink.type(), text).whenComplete((_, problem) -> {
            if (problem == null) {
                history.uplinkTaken(uplink);
                remove(uplink);
            } else {
                refused(uplink, problem);
            }
        });
    }

    /** It is sent again by the next life of the app, but where it would be refused again. */
    private void refused(Uplink uplink, Throwable problem) {
        Throwable cause = problem instanceof CompletionException wrapped && wrapped.getCause() != null
                ? wrapped.getCause()
                : problem;
        String reason = cause instanceof UplinkRefused refused ? refused.reason() : cause.toString();
        if (!reason.equals("CLOSED") && !reason.equals("QUEUE_FULL")) {
            history.uplinkRefused(uplink, reason);
            remove(uplink);
        }
    }

    private void remove(Uplink uplink) {
        synchronized (waiting) {
            waiting.remove(uplink);
        }
    }

    /** Asks and waits for the reply, which may not come: callbacks reply to some only. */
    void request(LonglineClient client, Uplink uplink, String text, Supplier<@Nullable Session> session) {
        history.uplinkBegun(uplink);
        var _ = client.request(uplink.type(), text, REQUEST_MS).whenComplete((message, _) -> {
            Session present = session.get();
            if (message != null && present != null) {
                replied(present, message);
            }
        });
    }

    void replied(Session session, Message message) {
        String text = String.valueOf(message.text());
        history.replied(
                session,
                message.seq(),
                String.valueOf(message.inReplyTo()),
                Reply.read(text).orElse(null));
    }
}
