package io.longline.deploy.command;

import io.longline.keeper.discovery.Discovery;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.rpc.Peers;
import io.longline.keeper.rpc.RpcConfig;
import io.longline.rpc.v1.AuditCount;
import io.longline.rpc.v1.AuditCounts;
import io.longline.rpc.v1.AuditFinding;
import io.longline.rpc.v1.AuditKind;
import io.longline.rpc.v1.AuditRequest;
import io.longline.rpc.v1.AuditRow;
import io.longline.rpc.v1.AuditsGrpc;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** Has a coordinator run one round of the audit, and says in words what it tells. */
final class AuditClient implements AutoCloseable {
    private static final Duration LONGEST = Duration.ofDays(2);

    private final Peers coordinators;

    AuditClient(Discovery discovery) {
        this.coordinators = new Peers("coordinator", discovery, RpcConfig.defaults(), new SimpleMeterRegistry());
        coordinators.start();
    }

    /** What is told on the way, a line each. */
    record Told(Consumer<String> finding, Consumer<String> progress) {}

    /**
     * Blocks until the round is through.
     *
     * @param ratePerS 0: as configured
     * @return what was found in all, some lines
     */
    String run(int ratePerS, Told told) {
        List<String> sum = new ArrayList<>();
        AuditRequest request = AuditRequest.newBuilder().setRatePerS(ratePerS).build();
        coordinators.byKey(0).stream(
                AuditsGrpc.getRunMethod(), request, Deadline.after(LONGEST), row -> read(row, told, sum));
        if (sum.isEmpty()) {
            throw new LonglineException(ErrorCode.INTERNAL, "the coordinator has not told the end of the audit");
        }
        return sum.getFirst();
    }

    private static void read(AuditRow row, Told told, List<String> sum) {
        if (row.hasFinding()) {
            told.finding().accept(line(row.getFinding()));
        } else if (row.hasProgress()) {
            told.progress().accept(lookedAt(row.getProgress()));
        } else if (row.hasDone()) {
            sum.add(sum(row.getDone()));
        }
    }

    private static String line(AuditFinding finding) {
        String seq = finding.getSeq() == 0 ? "" : " seq=" + finding.getSeq();
        return String.format(
                Locale.ROOT,
                "%s product=%s user=%s device=%s room=%s generation=%d%s %s",
                word(finding.getKind()),
                finding.getEndpoint().getProduct(),
                finding.getEndpoint().getUser(),
                finding.getEndpoint().getDevice(),
                finding.getPlace().getRoom(),
                finding.getGeneration(),
                seq,
                finding.getMended() ? "mended" : "not mended");
    }

    private static String lookedAt(AuditCounts counts) {
        return "looked at " + counts.getRoutes() + " routes and " + counts.getSessions() + " sessions";
    }

    private static String sum(AuditCounts counts) {
        StringBuilder lines = new StringBuilder(lookedAt(counts));
        for (AuditCount count : counts.getKindsList()) {
            lines.append(String.format(
                    Locale.ROOT,
                    "%n%-16s found %d, mended %d",
                    word(count.getKind()),
                    count.getFound(),
                    count.getMended()));
        }
        return lines.append(String.format(
                        Locale.ROOT, "%n%-16s %d (nobody could say how they are)", "unknown", counts.getUnknown()))
                .toString();
    }

    private static String word(AuditKind kind) {
        return switch (kind) {
            case AUDIT_GHOST -> "ghost";
            case AUDIT_LOST_SESSION -> "lost-session";
            case AUDIT_STRANDED_MESSAGE -> "stranded-message";
            case AUDIT_KIND_UNSPECIFIED, UNRECOGNIZED -> "something-else";
        };
    }

    @Override
    public void close() {
        coordinators.close();
    }
}
