package io.longline.coordinator.audit;

import io.longline.coordinator.AuditMetrics;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One round: all routes, then all sessions of all rooms. What looks wrong is put aside, and set right by {@link Mending} whenever there is
 * much of it, and at the end. Used by one thread.
 */
final class AuditRound {
    private static final Logger log = LoggerFactory.getLogger(AuditRound.class);
    /** At once to a service: few enough to leave others their share. */
    private static final int CHUNK = 200;
    /** What redis holds of one route: itself, and up to so many other keys of its user and its inbox. */
    private static final int KEYS_OF_A_ROUTE = 10;

    private final Tools tools;
    private final AuditReport report;
    private final Pace pace;
    private final int ratePerS;
    private final Mending mending;
    private final BooleanSupplier goesOn;
    private final GhostLook ghosts;
    private final SessionLook sessions;

    /** What rounds are made with. */
    record Tools(Routes routes, Rooms rooms, Inboxes inboxes, AuditConfig config, AuditMetrics metrics, Pause pause) {}

    /** @param goesOn asked on the way: false breaks the round off, and nothing is mended any more */
    AuditRound(Tools tools, int ratePerS, AuditReport report, BooleanSupplier goesOn) {
        this.tools = tools;
        this.report = report;
        this.ratePerS = ratePerS;
        this.goesOn = goesOn;
        this.pace = new Pace(ratePerS, System::nanoTime, tools.pause());
        this.ghosts = new GhostLook(tools.routes(), tools.rooms());
        this.sessions = new SessionLook(tools.routes(), tools.rooms(), tools.inboxes());
        this.mending = new Mending(tools, ghosts, sessions, report, this::check);
    }

    /**
     * Looks at everything once.
     *
     * @throws LonglineException it was broken off: ZooKeeper is away, or nobody tells the routes
     */
    void run() {
        Map<String, Long> living = tools.rooms().living();
        lookForGhosts();
        mending.settle();
        living.forEach(this::lookAt);
        mending.settle();
    }

    private void check() {
        if (!goesOn.getAsBoolean()) {
            throw new LonglineException(ErrorCode.DRAINING, "the audit was broken off");
        }
    }

    private void lookForGhosts() {
        List<BoundRoute> chunk = new ArrayList<>();
        tools.routes().walk(ratePerS * KEYS_OF_A_ROUTE, route -> {
            chunk.add(route);
            if (chunk.size() == CHUNK) {
                lookForGhosts(chunk);
                chunk.clear();
            }
        });
        lookForGhosts(chunk);
    }

    private void lookForGhosts(List<BoundRoute> chunk) {
        check();
        pace.take(chunk.size());
        List<Verdict> verdicts = ghosts.judge(chunk, tools.rooms().living());
        for (int i = 0; i < chunk.size(); i++) {
            BoundRoute route = chunk.get(i);
            if (verdicts.get(i) == Verdict.WRONG) {
                mending.suspect(
                        new Suspect(Suspect.Flaw.GHOST, route.endpoint(), route.place(), route.generation(), 0));
            } else if (verdicts.get(i) == Verdict.UNKNOWN) {
                report.unknown(1);
            }
        }
        report.lookedAtRoutes(chunk.size());
    }

    /** A room that does not answer is left alone; one that took another incarnation on the way is looked at by the next round. */
    private void lookAt(String room, long incarnation) {
        try {
            int loops = 1;
            for (int loop = 0; loop < loops; loop++) {
                int slot = 0;
                do {
                    Optional<Rooms.Page> page = tools.rooms().survey(room, incarnation, loop, slot);
                    if (page.isEmpty()) {
                        return;
                    }
                    loops = page.get().loops();
                    slot = page.get().nextSlot();
                    lookAt(page.get().sessions());
                } while (slot != 0);
            }
        } catch (LonglineException e) {
            check();
            log.debug("a room does not tell its sessions room={} error={}", room, e.getMessage());
            report.unknown(1);
        }
    }

    private void lookAt(List<SeenSession> page) {
        for (int from = 0; from < page.size(); from += CHUNK) {
            List<SeenSession> chunk = page.subList(from, Math.min(from + CHUNK, page.size()));
            check();
            pace.take(chunk.size());
            SessionLook.Seen seen = sessions.look(chunk);
            report.unknown(seen.unknown());
            report.lookedAtSessions(chunk.size());
            seen.suspects().forEach(mending::suspect);
        }
    }
}
