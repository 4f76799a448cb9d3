package io.longline.deploy.check;

import io.longline.deploy.check.history.CallEvent;
import io.longline.deploy.check.history.EndpointId;
import io.longline.deploy.check.history.Event;
import io.longline.deploy.check.history.Fault;
import io.longline.deploy.check.history.GroupEvent;
import io.longline.deploy.check.history.HookEvent;
import io.longline.deploy.check.history.KickEvent;
import io.longline.deploy.check.history.Notice;
import io.longline.deploy.check.history.PresenceEvent;
import io.longline.deploy.check.history.UplinkEvent;

/** What goes between clients and back ends beside messages: uplinks and replies, events, groups, who is online, and kicks. */
final class Calls {
    private static final String PRESENCE = "presence";

    final KickRules kicks;
    private final Accounts accounts;
    private final GroupRules groups;
    private final UplinkRules uplinks;
    private final EventIds ids;
    private final ReplyRules replies;
    private final MessageEventRules messages;
    private final PresenceRules presence;

    Calls(FaultLog faults, Findings findings, AnswerRules answers, ArrivalRules arrivals, Accounts accounts) {
        this.accounts = accounts;
        this.groups = new GroupRules(findings);
        this.uplinks = new UplinkRules(findings, accounts, groups);
        this.ids = new EventIds(findings);
        this.replies = new ReplyRules(faults, findings, accounts, arrivals);
        this.messages = new MessageEventRules(findings, accounts);
        this.presence = new PresenceRules(faults, findings, accounts);
        this.kicks = new KickRules(faults, findings, answers, accounts);
    }

    void accept(CallEvent event) {
        switch (event) {
            case UplinkEvent.Replied replied -> replied(replied);
            case UplinkEvent uplink -> uplinks.accept(uplink);
            case HookEvent hook -> accept(hook);
            case GroupEvent group -> {
                if (group instanceof GroupEvent.Pulled pulled) {
                    uplinks.pulled(pulled);
                }
                groups.accept(group);
            }
            case KickEvent kick -> {
                kicks.accept(kick);
                note(kick);
            }
            case PresenceEvent read -> presence.accept(read);
        }
    }

    private void accept(HookEvent event) {
        switch (event) {
            case HookEvent.Served served -> {
                uplinks.serves(served);
                if (served.kind().equals(PRESENCE)) {
                    presence.serves(served.product());
                }
            }
            case HookEvent.Told told -> told(told);
            case HookEvent.ReplyBegun begun -> replies.begun(begun);
            case HookEvent.ReplyGiven given -> replies.given(given);
        }
    }

    private void told(HookEvent.Told event) {
        Notice notice = event.notice();
        boolean fresh = ids.isFresh(notice, event.at());
        if (notice.type().startsWith(Notice.UPLINK)) {
            uplinks.told(event, fresh);
        } else {
            endpoint(notice.endpoint()).note(event);
            if (fresh && notice.type().startsWith(PRESENCE)) {
                presence.told(notice, event.at());
            } else if (fresh) {
                messages.told(notice, event.at());
            }
        }
    }

    private void replied(UplinkEvent.Replied event) {
        EndpointCase endpoint = endpoint(event.session().endpoint());
        endpoint.note(event);
        replies.arrives(endpoint, endpoint.session(event.session(), event.at()), event);
        if (event.session().sdk()) {
            messages.acks(endpoint.id, event.seq());
        }
    }

    /** In the histories of all whom it is about. */
    private void note(KickEvent event) {
        event.kick().users().stream()
                .flatMap(user -> accounts.of(event.kick().product(), user).endpoints().stream())
                .filter(endpoint -> event.kick().isOf(endpoint.id))
                .forEach(endpoint -> endpoint.note(event));
    }

    private EndpointCase endpoint(EndpointId id) {
        return accounts.of(id.product(), id.user()).endpoint(id.device());
    }

    void session(Event.OfSession event) {
        messages.session(event);
    }

    /**
     * Redis lost what it had not persisted, or all.
     *
     * @param begunAt when the fault began
     */
    void redisWasLost(Fault fault, long begunAt, long at) {
        long since = begunAt - FaultLog.JOURNALED_AFTER;
        uplinks.redisWasLost(fault.empties(), since);
        groups.redisWasLost(fault.empties(), at);
        presence.redisWasLost(fault.empties(), since, at);
        messages.redisWasLost();
    }

    void look(long now, long patience) {
        uplinks.look(now, patience);
    }

    /** How many uplinks and replies have not come to whom they must. */
    long countOwed() {
        return uplinks.countOwed() + replies.countOwed();
    }

    /** Of how many endpoints what was told last is not what is so now. */
    long countUntold(long now) {
        return presence.countUntold(now);
    }

    void finish(long now) {
        uplinks.finish(now);
        replies.finish(now);
        presence.finish(now);
    }

    /** How many uplinks are held in memory. */
    int size() {
        return uplinks.size();
    }
}
