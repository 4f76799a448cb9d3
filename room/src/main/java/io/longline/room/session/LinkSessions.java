package io.longline.room.session;

import io.longline.room.transport.Ending;
import io.longline.room.transport.Link;
import io.longline.v1.ServerFrame;
import io.longline.v1.Unbound;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The sessions of one link: one, or a few, seldom many. */
public final class LinkSessions {
    private static final int MAX_NETWORK = 32;

    private final Link link;
    private final SessionTable table;
    private final List<Session> sessions = new ArrayList<>(1);
    private String network = "";
    private boolean networkBeingTold;
    private boolean bindUnderWay;

    public LinkSessions(Link link, SessionTable table) {
        this.link = link;
        this.table = table;
    }

    public Link link() {
        return link;
    }

    /** What the client last said it is on: wifi, 4g; "" if it did not. */
    public String network() {
        return network;
    }

    /** Takes what the client says; no more of it than a name needs. True if it is something else than before. */
    public boolean network(String said) {
        String before = network;
        network = said.length() <= MAX_NETWORK ? said : said.substring(0, MAX_NETWORK);
        return !network.equals(before);
    }

    /** Whether the register is just being told of the network. */
    public boolean isNetworkBeingTold() {
        return networkBeingTold;
    }

    public void networkBeingTold(boolean is) {
        networkBeingTold = is;
    }

    /** Whether the client has asked for a session, or for its device to be forgotten, and has no answer yet. */
    public boolean bindUnderWay() {
        return bindUnderWay;
    }

    public void bindUnderWay(boolean is) {
        bindUnderWay = is;
    }

    /** Makes a session that is to be bound; null if the table has no place left. */
    public @Nullable Session add(int ref, Endpoint endpoint, int window, long tokenEndsAtMs) {
        Session session = new Session(this, ref, endpoint, window);
        if (!table.add(session, tokenEndsAtMs)) {
            return null;
        }
        sessions.add(session);
        return session;
    }

    public @Nullable Session byRef(int ref) {
        for (Session session : sessions) {
            if (session.ref() == ref) {
                return session;
            }
        }
        return null;
    }

    public int size() {
        return sessions.size();
    }

    /** The sessions there are now; the list does not change. */
    public List<Session> all() {
        return List.copyOf(sessions);
    }

    public void renew(Session session, long tokenEndsAtMs) {
        table.renew(session, tokenEndsAtMs);
    }

    /** Takes the session away without telling the client; false if it had ended before. */
    public boolean remove(Session session) {
        sessions.remove(session);
        return table.remove(session);
    }

    /** Ends the session and tells the client: by {@code unbound}, or by {@code close} if it was the link's only one and no other is on its way. */
    public boolean end(Session session, Ending ending) {
        if (!remove(session)) {
            return false;
        }
        session.endedBy(ending);
        if (sessions.isEmpty() && !bindUnderWay) {
            link.close(ending);
        } else {
            unbound(session, ending);
        }
        return true;
    }

    /** Ends the session as its client wished; the link stays, with or without others. */
    public boolean unbind(Session session, Ending ending) {
        boolean was = remove(session);
        if (was) {
            unbound(session, ending);
        }
        return was;
    }

    /** Tells the client that a session has ended, which was removed already. */
    public void unbound(Session session, Ending ending) {
        Unbound.Builder unbound = Unbound.newBuilder()
                .setRef(session.ref())
                .setCode(ending.code())
                .setReason(ending.reason())
                .setRetry(ending.retry());
        if (ending.retryAfterMs() > 0) {
            unbound.setRetryAfterMs(ending.retryAfterMs());
        }
        link.write(ServerFrame.newBuilder().setUnbound(unbound).build());
        link.flush();
    }
}
