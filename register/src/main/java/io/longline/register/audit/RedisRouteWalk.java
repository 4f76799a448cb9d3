package io.longline.register.audit;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.redis.RedisKeyScan;
import io.longline.keeper.redis.RedisStore;
import io.longline.keeper.rpc.Deadline;
import io.longline.register.endpoint.Endpoint;
import io.longline.register.endpoint.Route;
import io.longline.register.endpoint.RouteKeys;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Goes through the routes of all users as they stand in Redis, and not by what knows of them (the index of a room, who is online): what is
 * looked for is what nobody knows of. Blocks; for virtual threads.
 */
final class RedisRouteWalk {
    private static final Logger log = LoggerFactory.getLogger(RedisRouteWalk.class);
    private static final int PAGE = 200;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final RedisStore redis;
    private volatile boolean over;

    RedisRouteWalk(RedisStore redis) {
        this.redis = redis;
    }

    /** @param keysPerS so many keys of any kind are looked at a second */
    void walk(int keysPerS, Consumer<BoundEndpoint> each) throws InterruptedException {
        Duration pause = Duration.ofSeconds(1).multipliedBy(PAGE).dividedBy(keysPerS);
        for (RedisKeyScan scan : redis.scans(RouteKeys.ALL_ROUTES, PAGE)) {
            while (!scan.finished()) {
                check();
                read(scan.next(), each);
                if (!scan.finished()) {
                    Thread.sleep(pause);
                }
            }
        }
    }

    /** Walks that are under way end: nobody stops later for them. */
    void end() {
        over = true;
    }

    private void check() {
        if (over) {
            throw new LonglineException(ErrorCode.DRAINING, "register is stopping");
        }
    }

    private void read(List<String> keys, Consumer<BoundEndpoint> each) {
        List<CompletionStage<Map<String, byte[]>>> asked = new ArrayList<>();
        for (String key : keys) {
            asked.add(redis.command(key, commands -> commands.hgetall(key)));
        }
        Deadline deadline = Deadline.after(PATIENCE);
        for (int i = 0; i < keys.size(); i++) {
            String[] owner = RouteKeys.ownerOfRoutes(keys.get(i));
            RedisStore.await(asked.get(i), deadline)
                    .forEach((device, route) -> parse(owner, device, route).ifPresent(each));
        }
    }

    private static Optional<BoundEndpoint> parse(String[] owner, String device, byte[] route) {
        try {
            Route where = Route.parse(new String(route, StandardCharsets.UTF_8));
            return Optional.of(new BoundEndpoint(new Endpoint(owner[0], owner[1], device), where));
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            log.warn("a route in redis that is none user={}/{} device={}", owner[0], owner[1], device);
            return Optional.empty();
        }
    }
}
