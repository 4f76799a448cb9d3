package io.longline.coordinator.audit;

import io.longline.coordinator.AuditMetrics;
import io.longline.keeper.discovery.Discovery;
import io.longline.keeper.lease.LeasedLoop;
import io.longline.keeper.lease.ZkLeases;
import io.longline.keeper.rpc.Peers;
import io.longline.keeper.rpc.RpcService;
import java.time.Duration;
import java.time.InstantSource;

/** The auditor as a part of a coordinator: rounds that begin by themselves under a lease, and those that operators ask for. */
public final class AuditFlow implements AutoCloseable {
    public static final int MOST_SUSPECTS = 2 * Mending.MOST;
    private static final Duration PERIOD = Duration.ofSeconds(1);

    private final AuditGrpcService service;
    private final LeasedLoop loop;

    /** Whom it asks. */
    public record Asked(Peers registers, Peers rooms, Peers savers) {}

    public AuditFlow(Discovery discovery, Asked asked, ZkLeases leases, AuditConfig config, AuditMetrics metrics) {
        AuditRound.Tools tools = new AuditRound.Tools(
                new RegisterClient(asked.registers()),
                new RoomClient(discovery, asked.rooms()),
                new SaverClient(asked.savers()),
                config,
                metrics,
                Thread::sleep);
        this.service = new AuditGrpcService(tools);
        this.loop = new LeasedLoop("coordinator/audit", leases, PERIOD, new Auditor(tools, InstantSource.system()));
    }

    public RpcService service() {
        return service.service();
    }

    public void start() {
        loop.start();
    }

    /** Breaks off what runs. */
    @Override
    public void close() {
        service.close();
        loop.close();
    }
}
