package io.longline.coordinator.audit;

import io.longline.coordinator.audit.Suspect.Flaw;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whether sessions have their routes, and know of what waits for them. */
final class SessionLook {
    private final Routes routes;
    private final Rooms rooms;
    private final Inboxes inboxes;

    SessionLook(Routes routes, Rooms rooms, Inboxes inboxes) {
        this.routes = routes;
        this.rooms = rooms;
        this.inboxes = inboxes;
    }

    /**
     * What became of a look at some sessions.
     *
     * @param unknown of how many nobody could say
     */
    record Seen(List<Suspect> suspects, int unknown) {}

    /** One look at what rooms have just told. */
    Seen look(List<SeenSession> sessions) {
        List<Suspect> suspects = new ArrayList<>();
        int unknown = 0;
        for (Judged each : judge(sessions)) {
            each.suspect().ifPresent(suspects::add);
            unknown += each.verdict() == Verdict.UNKNOWN ? 1 : 0;
        }
        return new Seen(suspects, unknown);
    }

    /** Another look, at suspects; in their order. One is wrong only where the same is wrong with it, and it is about the same message. */
    List<Verdict> again(List<Suspect> suspects) {
        List<AtPlace> found =
                rooms.inspect(suspects.stream().map(Suspect::place).toList());
        List<Verdict> verdicts = new ArrayList<>();
        List<SeenSession> there = new ArrayList<>();
        List<Integer> at = new ArrayList<>();
        for (int i = 0; i < suspects.size(); i++) {
            verdicts.add(verdict(found.get(i)));
            if (found.get(i) instanceof AtPlace.There(SeenSession session)
                    && session.generation() == suspects.get(i).generation()) {
                there.add(session);
                at.add(i);
            }
        }
        List<Judged> judged = judge(there);
        for (int i = 0; i < at.size(); i++) {
            Judged now = judged.get(i);
            boolean other =
                    now.verdict() == Verdict.WRONG && !now.suspect().equals(Optional.of(suspects.get(at.get(i))));
            verdicts.set(at.get(i), other ? Verdict.FINE : now.verdict());
        }
        return verdicts;
    }

    /** Of one that is there with another generation, or not at all: the session has ended. */
    private static Verdict verdict(AtPlace found) {
        return switch (found) {
            case AtPlace.There _, AtPlace.Nothing _ -> Verdict.FINE;
            case AtPlace.Binding _ -> Verdict.UNDER_WAY;
            case AtPlace.Unknown _ -> Verdict.UNKNOWN;
        };
    }

    private record Judged(Verdict verdict, Optional<Suspect> suspect) {
        private static Judged as(Verdict verdict) {
            return new Judged(verdict, Optional.empty());
        }

        private static Judged wrong(Flaw flaw, SeenSession session, long seq) {
            Suspect suspect = new Suspect(flaw, session.endpoint(), session.place(), session.generation(), seq);
            return new Judged(Verdict.WRONG, Optional.of(suspect));
        }
    }

    private List<Judged> judge(List<SeenSession> sessions) {
        List<Whereabouts> found =
                routes.locate(sessions.stream().map(SeenSession::endpoint).toList());
        List<Judged> judged = new ArrayList<>();
        List<Integer> idle = new ArrayList<>();
        for (int i = 0; i < sessions.size(); i++) {
            Judged one = judge(sessions.get(i), found.get(i));
            judged.add(one);
            if (one.verdict() == Verdict.FINE && sessions.get(i).idle()) {
                idle.add(i);
            }
        }
        List<Long> waiting = inboxes.waiting(idle.stream().map(sessions::get).toList());
        for (int i = 0; i < idle.size(); i++) {
            judged.set(idle.get(i), judge(sessions.get(idle.get(i)), waiting.get(i)));
        }
        return judged;
    }

    private static Judged judge(SeenSession session, Whereabouts where) {
        return switch (where) {
            case Whereabouts.Unknown() -> Judged.as(Verdict.UNKNOWN);
            case Whereabouts.Offline() -> Judged.wrong(Flaw.UNBOUND, session, 0);
            case Whereabouts.Online(Place place, long generation) -> {
                if (generation != session.generation()) {
                    yield Judged.wrong(generation > session.generation() ? Flaw.OUTLIVED : Flaw.UNBOUND, session, 0);
                }
                // At another place it is being bound anew, or there is a ghost: who takes that away leaves a session
                // that is lost.
                yield Judged.as(place.equals(session.place()) ? Verdict.FINE : Verdict.UNDER_WAY);
            }
        };
    }

    private static Judged judge(SeenSession session, long waiting) {
        if (waiting == Inboxes.UNKNOWN) {
            return Judged.as(Verdict.UNKNOWN);
        }
        return waiting > session.sent() ? Judged.wrong(Flaw.STRANDED, session, waiting) : Judged.as(Verdict.FINE);
    }
}
