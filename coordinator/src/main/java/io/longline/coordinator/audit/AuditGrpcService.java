package io.longline.coordinator.audit;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.rpc.RpcService;
import io.longline.rpc.v1.AuditRequest;
import io.longline.rpc.v1.AuditRow;
import io.longline.rpc.v1.AuditsGrpc;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A round that an operator asks for. It runs beside those of the auditor's own, and one at a time. */
final class AuditGrpcService implements AutoCloseable {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(10);
    private static final Duration BETWEEN_PROGRESS = Duration.ofSeconds(1);

    private final AuditRound.Tools tools;
    /** The thread that runs one. */
    private final AtomicReference<@Nullable Thread> running = new AtomicReference<>();

    AuditGrpcService(AuditRound.Tools tools) {
        this.tools = tools;
    }

    RpcService service() {
        return RpcService.of(AuditsGrpc.getServiceDescriptor()).streaming(AuditsGrpc.getRunMethod(), this::run);
    }

    private void run(AuditRequest request, Consumer<AuditRow> answer) {
        int rate = request.getRatePerS() == 0 ? tools.config().runRatePerS() : request.getRatePerS();
        if (rate < 1 || rate > AuditConfig.MOST_PER_S) {
            throw LonglineException.invalid(
                    "rate_per_s", "is " + Integer.toUnsignedString(rate) + ", expected 1 to " + AuditConfig.MOST_PER_S);
        }
        if (!running.compareAndSet(null, Thread.currentThread())) {
            throw new LonglineException(ErrorCode.OVERLOADED, "an audit that was asked for runs already")
                    .retryAfter(RETRY_AFTER);
        }
        try {
            AuditReport report =
                    new AuditReport(tools.metrics(), finding -> answer.accept(row(finding)), eachSecond(answer));
            new AuditRound(tools, rate, report, () -> !Thread.currentThread().isInterrupted()).run();
            answer.accept(
                    AuditRow.newBuilder().setDone(AuditWire.counts(report)).build());
        } finally {
            running.set(null);
        }
    }

    private static AuditRow row(Finding finding) {
        return AuditRow.newBuilder().setFinding(AuditWire.finding(finding)).build();
    }

    /** Who asked, and has gone, is noticed so. */
    private static Consumer<AuditReport> eachSecond(Consumer<AuditRow> answer) {
        AtomicLong last = new AtomicLong(System.nanoTime());
        return report -> {
            long now = System.nanoTime();
            if (now - last.get() >= BETWEEN_PROGRESS.toNanos()) {
                last.set(now);
                answer.accept(AuditRow.newBuilder()
                        .setProgress(AuditWire.counts(report))
                        .build());
            }
        };
    }

    /** Breaks off the one that runs: nobody stops later for it. */
    @Override
    public void close() {
        Thread runs = running.get();
        if (runs != null) {
            runs.interrupt();
        }
    }
}
