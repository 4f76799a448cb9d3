package io.longline.register.unseen;

import io.longline.keeper.error.LonglineException;
import io.longline.keeper.lease.Lease;
import io.longline.keeper.lease.LeasedLoop;
import io.longline.keeper.product.Products;
import io.longline.keeper.redis.RedisKeyScan;
import io.longline.keeper.redis.RedisStore;
import io.longline.keeper.rpc.Deadline;
import io.longline.register.RegisterMetrics;
import io.longline.register.endpoint.RouteKeys;
import io.longline.register.route.ForgetFlow;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Walks through the devices of all users, and has those forgotten that were not seen for as long as their product says. It also brings to
 * its end what a back end had forgotten and what failed half way.
 */
public final class UnseenDevices implements LeasedLoop.Task {
    private static final Logger log = LoggerFactory.getLogger(UnseenDevices.class);
    private static final int PAGE = 500;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final RedisStore redis;
    private final Products products;
    private final ForgetFlow forgets;
    private final UnseenConfig config;
    private final RegisterMetrics metrics;

    public UnseenDevices(
            RedisStore redis, Products products, ForgetFlow forgets, UnseenConfig config, RegisterMetrics metrics) {
        this.redis = redis;
        this.products = products;
        this.forgets = forgets;
        this.config = config;
        this.metrics = metrics;
    }

    @Override
    public boolean due() {
        return redis.connected();
    }

    @Override
    public void run(Lease lease) throws InterruptedException {
        int forgotten = 0;
        for (RedisKeyScan scan : redis.scans(RouteKeys.ALL_DEVICES, PAGE)) {
            while (!scan.finished() && lease.valid()) {
                for (String key : scan.next()) {
                    forgotten += look(key);
                }
                Thread.sleep(config.pause());
            }
        }
        if (forgotten > 0) {
            log.info("devices forgotten that were not seen for long count={}", forgotten);
        }
    }

    /** One that fails is met again by the next walk, and keeps no other from being looked at. */
    private int look(String key) {
        String[] owner = RouteKeys.ownerOf(key);
        Optional<Duration> kept = products.find(owner[0]).map(product -> Duration.ofDays(product.deviceTtlDays()));
        if (kept.isEmpty()) {
            return 0; // A product that is not known (yet): nobody says how long.
        }
        try {
            return forgets.forgetUnseen(owner[0], owner[1], kept.get(), Deadline.after(PATIENCE));
        } catch (LonglineException e) {
            metrics.unseenFailed();
            log.debug("not forgotten key={} error={}", key, e.getMessage());
            return 0;
        }
    }
}
