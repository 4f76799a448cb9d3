package io.longline.coordinator.audit;

import io.longline.coordinator.audit.AuditRound.Tools;
import io.longline.coordinator.audit.Suspect.Flaw;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What looked wrong once: it is looked at again some seconds later, mended if the same is still wrong, and looked at until it is well.
 * Whatever is on its way (a bind, an unbind, the end of a replaced session, a hint) is through by then.
 */
final class Mending {
    private static final Logger log = LoggerFactory.getLogger(Mending.class);
    /** Held at a time. */
    static final int MOST = 1_000;

    private static final int CHUNK = 200;
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);
    private static final int MOST_LOOKS = 40;

    private final Tools tools;
    private final GhostLook ghosts;
    private final SessionLook sessions;
    private final AuditReport report;
    private final Runnable check;
    private final List<Suspect> suspects = new ArrayList<>();

    /** @param check throws where the round is over */
    Mending(Tools tools, GhostLook ghosts, SessionLook sessions, AuditReport report, Runnable check) {
        this.tools = tools;
        this.ghosts = ghosts;
        this.sessions = sessions;
        this.report = report;
        this.check = check;
    }

    /** Those that are held are settled first where there are as many as may be. */
    void suspect(Suspect suspect) {
        if (suspects.size() == MOST) {
            settle();
        }
        suspects.add(suspect);
        tools.metrics().suspects(1);
    }

    /**
     * Ends with none held.
     *
     * @throws LonglineException ZooKeeper is away, or the round is over: nothing more is mended
     */
    void settle() {
        if (suspects.isEmpty()) {
            return;
        }
        List<Suspect> held = List.copyOf(suspects);
        try {
            pause(patience(held));
            List<Suspect> wrong = stillWrong(held);
            check.run();
            mend(wrong);
            awaitWell(wrong);
        } finally {
            suspects.clear();
            tools.metrics().suspects(-held.size());
        }
    }

    private Duration patience(List<Suspect> held) {
        Map<String, Long> living = tools.rooms().living();
        boolean hasUnseen = held.stream()
                .anyMatch(one -> one.flaw() == Flaw.GHOST
                        && !living.containsKey(one.place().room()));
        Duration confirm = tools.config().confirmAfter();
        Duration grace = tools.config().unseenGrace();
        return hasUnseen && grace.compareTo(confirm) > 0 ? grace : confirm;
    }

    private List<Suspect> stillWrong(List<Suspect> held) {
        List<Suspect> wrong = new ArrayList<>();
        look(held).forEach((suspect, verdict) -> {
            if (verdict == Verdict.WRONG) {
                wrong.add(suspect);
            } else if (verdict == Verdict.UNKNOWN) {
                report.unknown(1);
            }
        });
        return wrong;
    }

    private Map<Suspect, Verdict> look(List<Suspect> those) {
        Map<String, Long> living = tools.rooms().living();
        Map<Suspect, Verdict> verdicts = new HashMap<>();
        for (int from = 0; from < those.size(); from += CHUNK) {
            List<Suspect> chunk = those.subList(from, Math.min(from + CHUNK, those.size()));
            List<Suspect> routes =
                    chunk.stream().filter(one -> one.flaw() == Flaw.GHOST).toList();
            List<Suspect> others =
                    chunk.stream().filter(one -> one.flaw() != Flaw.GHOST).toList();
            put(
                    verdicts,
                    routes,
                    ghosts.judge(routes.stream().map(Suspect::route).toList(), living));
            put(verdicts, others, sessions.again(others));
        }
        return verdicts;
    }

    private static void put(Map<Suspect, Verdict> verdicts, List<Suspect> those, List<Verdict> found) {
        for (int i = 0; i < those.size(); i++) {
            verdicts.put(those.get(i), found.get(i));
        }
    }

    private void mend(List<Suspect> wrong) {
        if (wrong.isEmpty()) {
            return;
        }
        wrong.forEach(one -> log.debug("is mended {}", one));
        log.warn(
                "rooms, register and inboxes disagree, it is mended ghosts={} lost_sessions={} stranded_messages={}",
                count(wrong, AuditKind.GHOST),
                count(wrong, AuditKind.LOST_SESSION),
                count(wrong, AuditKind.STRANDED_MESSAGE));
        for (int from = 0; from < wrong.size(); from += CHUNK) {
            List<Suspect> chunk = wrong.subList(from, Math.min(from + CHUNK, wrong.size()));
            tools.routes()
                    .takeAway(chunk.stream()
                            .filter(one -> one.flaw() == Flaw.GHOST)
                            .map(Suspect::route)
                            .toList());
            tools.rooms()
                    .mend(chunk.stream().filter(one -> one.flaw() != Flaw.GHOST).toList());
        }
    }

    private static long count(List<Suspect> wrong, AuditKind kind) {
        return wrong.stream().filter(one -> one.kind() == kind).count();
    }

    /** It takes its time, in the rooms. */
    private void awaitWell(List<Suspect> wrong) {
        List<Suspect> left = wrong;
        for (int looks = 0; !left.isEmpty() && looks < MOST_LOOKS; looks++) {
            if (looks > 0) {
                pause(BETWEEN_LOOKS);
            }
            List<Suspect> ill = new ArrayList<>();
            look(left).forEach((suspect, verdict) -> {
                if (verdict == Verdict.FINE) {
                    report.found(new Finding(suspect, true));
                } else {
                    ill.add(suspect);
                }
            });
            left = ill;
        }
        left.forEach(suspect -> report.found(new Finding(suspect, false)));
    }

    private void pause(Duration time) {
        try {
            tools.pause().of(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LonglineException(ErrorCode.DRAINING, "coordinator is stopping", e);
        }
    }
}
