package io.longline.bench.failure;

import io.longline.bench.rig.PacedPushes;
import io.longline.bench.rig.PacedPushes.Answers;
import io.longline.deploy.check.client.Operator;
import io.longline.deploy.check.client.Tenant;
import io.longline.deploy.check.run.Target;
import io.longline.deploy.cluster.DemoProduct;
import io.longline.deploy.faults.FaultCluster;
import io.longline.deploy.faults.FaultPlan;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Pushes of a product with durability {@code redis} beside one with {@code mysql}, while commits of MySQL are as fast as they are
 * and while each is delayed: whoever does not wait for MySQL should not notice.
 */
public final class Commits {
    private static final List<String> JAVA_FLAGS = List.of("-Xmx1g", "-XX:+UseSerialGC");
    private static final Duration WARM_UP = Duration.ofSeconds(10);
    private static final int WINDOW = 64;

    private final CommitsSize size;
    private final Consumer<String> progress;

    public Commits(CommitsSize size, Consumer<String> progress) {
        this.size = size;
        this.progress = progress;
    }

    /** One row for each stretch: fast and delayed in turn. */
    public List<CommitsRow> run(Path data) {
        progress.accept("starting a cluster in " + data);
        try (FaultCluster cluster = FaultCluster.start(FaultPlan.in(data).withJavaFlags(JAVA_FLAGS))) {
            Target target = Target.of(cluster);
            try (Operator operator = new Operator(target.centers(), target.rooms(), DemoProduct.OPERATOR_SECRET)) {
                URI center = cluster.centers().getFirst();
                Tenant redis = operator.create("commits-redis", false, WINDOW);
                Tenant mysql = operator.create("commits-mysql", true, WINDOW);
                try (PacedPushes fast = new PacedPushes(center, redis, size.redisPerSecond());
                        PacedPushes slow = new PacedPushes(center, mysql, size.mysqlPerSecond())) {
                    return run(cluster, fast, slow);
                }
            }
        }
    }

    private List<CommitsRow> run(FaultCluster cluster, PacedPushes redis, PacedPushes mysql) {
        sideBySide(Duration.ZERO, WARM_UP, redis, mysql);
        List<CommitsRow> rows = new ArrayList<>();
        for (int round = 0; round < size.rounds(); round++) {
            for (Duration delay : List.of(Duration.ZERO, size.delay())) {
                cluster.stores().slowMySql(delay);
                rows.add(sideBySide(delay, size.stretch(), redis, mysql));
                progress.accept(CommitsReport.line(rows.getLast()));
            }
        }
        return rows;
    }

    private static CommitsRow sideBySide(Duration delay, Duration stretch, PacedPushes redis, PacedPushes mysql) {
        CompletableFuture<Answers> other =
                CompletableFuture.supplyAsync(() -> mysql.send(stretch), Thread.ofPlatform()::start);
        return new CommitsRow(delay, redis.send(stretch), other.join());
    }
}
