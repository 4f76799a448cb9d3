package io.longline.saver.inbox;

import com.google.protobuf.ByteString;
import io.longline.keeper.redis.RedisConfig;
import io.longline.keeper.redis.RedisStore;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.shard.Shards;
import io.longline.saver.endpoint.CopyState;
import io.longline.saver.endpoint.Endpoint;
import io.longline.saver.inbox.AppendOutcome.Appended;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;

/** Redis as the scripts see it, marked as served, and what is in it. */
public final class Shard implements AutoCloseable {
    public static final int ROOMY = 10_000;
    private static final long DAY_MS = 86_400_000;
    private static final AtomicInteger users = new AtomicInteger();

    public final RedisStore redis;
    final RedisInbox inbox;

    public Shard(URI uri) {
        redis = new RedisStore(new RedisConfig(uri.toString(), Duration.ofSeconds(2)), new SimpleMeterRegistry());
        redis.start();
        inbox = new RedisInbox(redis);
        mark();
    }

    /** All shards are as they should be. */
    public void mark() {
        byte[] runId = redis.runId().getBytes(StandardCharsets.UTF_8);
        for (int shard = 0; shard < Shards.COUNT; shard++) {
            String key = InboxKeys.mark(shard);
            await(redis.command(it -> it.set(key, runId)));
        }
    }

    public void loseEverything() {
        await(redis.command(it -> it.flushall()));
    }

    /** A user nobody else in this run has. */
    public static Endpoint someone(String device) {
        return new Endpoint("demo", "user-" + users.incrementAndGet(), device);
    }

    /** A copy that lives for a day. */
    static NewCopy copy(Endpoint endpoint, String id) {
        return copy(endpoint, id, System.currentTimeMillis() + DAY_MS);
    }

    static NewCopy copy(Endpoint endpoint, String id, long expiresAtMs) {
        return new NewCopy(endpoint, id, expiresAtMs, "", ByteString.copyFromUtf8("body of " + id));
    }

    Appended store(Endpoint endpoint, String id) {
        return store(copy(endpoint, id));
    }

    Appended store(Endpoint endpoint, String id, long expiresAtMs) {
        return store(copy(endpoint, id, expiresAtMs));
    }

    Appended store(NewCopy copy) {
        return (Appended) await(inbox.append(copy, ROOMY));
    }

    /** With a collapse key. */
    Appended storeKeyed(Endpoint endpoint, String id, String collapseKey) {
        NewCopy plain = copy(endpoint, id);
        return store(new NewCopy(endpoint, id, plain.expiresAtMs(), collapseKey, plain.message()));
    }

    Page load(Endpoint endpoint) {
        return await(inbox.load(endpoint, 0, 1000));
    }

    public List<Long> waiting(Endpoint endpoint) {
        return load(endpoint).messages().stream().map(Page.Stored::seq).toList();
    }

    public List<String> bodies(Endpoint endpoint) {
        return load(endpoint).messages().stream()
                .map(one -> one.message().toStringUtf8())
                .toList();
    }

    public long ack(Endpoint endpoint, long seq) {
        return await(inbox.ack(endpoint, seq)).seq();
    }

    Inheritance bind(Endpoint endpoint) {
        return await(inbox.inherit(endpoint));
    }

    /** The journal has a decision. */
    void keep(Endpoint ofUser, long version) {
        await(inbox.inheritanceKept(ofUser, version));
    }

    /** The seq of a copy that lives for a day. For tests of other packages, likewise below. */
    public long storeAny(Endpoint endpoint, String id) {
        return store(endpoint, id).seq();
    }

    public long storeAny(Endpoint endpoint, String id, long expiresAtMs) {
        return store(endpoint, id, expiresAtMs).seq();
    }

    public long storeKeyedAny(Endpoint endpoint, String id, String collapseKey) {
        return storeKeyed(endpoint, id, collapseKey).seq();
    }

    public void settleAny(Endpoint endpoint, long seq, String id, CopyState state, String reason) {
        await(inbox.settle(new Settlement(endpoint, seq, id, state, reason)));
    }

    /** When the decision was made. */
    public long bindAny(Endpoint endpoint) {
        Inheritance decision = bind(endpoint);
        keep(endpoint, decision.version());
        return decision.version();
    }

    public int forgetAny(Endpoint endpoint) {
        return await(inbox.forget(endpoint)).dropped().size();
    }

    /** The fields of a copy; none if there is no such copy. */
    public Map<String, String> copyOf(Endpoint endpoint, String id) {
        return hash(InboxKeys.copies(endpoint) + id);
    }

    public String stateOf(Endpoint endpoint, String id) {
        return copyOf(endpoint, id).getOrDefault("state", "none");
    }

    public Map<String, String> hash(String key) {
        Map<String, String> fields = new TreeMap<>();
        await(redis.command(it -> it.hgetall(key)))
                .forEach((name, value) -> fields.put(name, new String(value, StandardCharsets.UTF_8)));
        return fields;
    }

    public long exists(String key) {
        return await(redis.command(it -> it.exists(key)));
    }

    /** How long a key lives on, in ms. */
    public long left(String key) {
        return await(redis.command(it -> it.pttl(key)));
    }

    /** The seq under which an endpoint stands in {@code unsent}; 0 if it does not. */
    public long unsent(Endpoint endpoint) {
        byte[] member = endpoint.text().getBytes(StandardCharsets.UTF_8);
        Double score = await(redis.command(it -> it.zscore(InboxKeys.unsent(endpoint.shard()), member)));
        return score == null ? 0 : score.longValue();
    }

    public static <T> T await(CompletionStage<T> stage) {
        return RedisStore.await(stage, Deadline.after(Duration.ofSeconds(10)));
    }

    @Override
    public void close() {
        redis.close();
    }
}
