package io.longline.saver.inbox;

import com.google.protobuf.ByteString;
import io.lettuce.core.Range;
import io.lettuce.core.StreamMessage;
import io.longline.keeper.outbox.OutboxKeys;
import io.longline.keeper.product.Callback;
import io.longline.keeper.redis.RedisConfig;
import io.longline.keeper.redis.RedisStore;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.shard.Shards;
import io.longline.saver.budget.Urgency;
import io.longline.saver.endpoint.CopyState;
import io.longline.saver.endpoint.Endpoint;
import io.longline.saver.endpoint.InboxKeys;
import io.longline.saver.inbox.AppendOutcome.Appended;
import io.longline.saver.testing.ToldProducts;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** Redis as the scripts see it, marked as served, and what is in it. */
public final class Shard implements AutoCloseable {
    public static final int ROOMY = 10_000;
    /** The names of nodes in what is noted of a copy. */
    public static final String SAVER = "saver-1";

    public static final String ROOM = "room-1";
    private static final long DAY_MS = 86_400_000;
    private static final AtomicInteger users = new AtomicInteger();

    public final RedisStore redis;
    final RedisInbox inbox;

    /** Who is told of ends. */
    public final ToldProducts told = new ToldProducts();

    /** How many copies were told to have ended, and how; what was read is forgotten. */
    private final Map<CopyState, Long> ends = new EnumMap<>(CopyState.class);

    public Shard(URI uri) {
        redis = new RedisStore(new RedisConfig(uri.toString(), Duration.ofSeconds(10)), new SimpleMeterRegistry());
        redis.start();
        inbox = new RedisInbox(redis, SAVER, this::ended, told.events());
        mark();
    }

    /** All shards are as they should be. */
    public void mark() {
        for (int shard = 0; shard < Shards.COUNT; shard++) {
            String key = InboxKeys.mark(shard);
            byte[] runId = redis.runId(key).getBytes(StandardCharsets.UTF_8);
            await(redis.command(key, it -> it.set(key, runId)));
        }
    }

    private synchronized void ended(String product, CopyState state, long copies) {
        if (copies > 0) {
            ends.merge(state, copies, Long::sum);
        }
    }

    /** Since the last call. */
    synchronized Map<CopyState, Long> takeEnds() {
        Map<CopyState, Long> taken = Map.copyOf(ends);
        ends.clear();
        return taken;
    }

    public void loseEverything() {
        await(redis.everywhere(it -> it.flushall()));
    }

    /** A user nobody else in this run has. */
    public static Endpoint someone(String device) {
        return new Endpoint("demo", "user-" + users.incrementAndGet(), device);
    }

    /** Likewise, of a product that is told of the ends of its messages. */
    public static Endpoint someoneTold(String device) {
        return new Endpoint(ToldProducts.TOLD, "user-" + users.incrementAndGet(), device);
    }

    /** The events that wait for the back end of the product of that endpoint, of its user, in their order; with the fields of each. */
    public List<Map<String, String>> toldOf(Endpoint endpoint) {
        String key = OutboxKeys.stream(endpoint.shard(), OutboxKeys.name(endpoint.product(), Callback.MESSAGE));
        return await(redis.command(key, it -> it.xrange(key, Range.unbounded()))).stream()
                .map(StreamMessage::getBody)
                .map(Shard::text)
                .filter(event -> endpoint.user().equals(event.get("u")))
                .toList();
    }

    /** Of each such event what happened to which message. */
    public List<String> toldBriefly(Endpoint endpoint) {
        return toldOf(endpoint).stream()
                .map(event -> event.get("y") + " " + event.get("m"))
                .toList();
    }

    /** When something of it expires, as far as it is to be told; 0: nothing is. */
    public long expiring(Endpoint endpoint) {
        return score(InboxKeys.expiring(endpoint.shard()), endpoint);
    }

    /** A copy that lives for a day. */
    static NewCopy copy(Endpoint endpoint, String id) {
        return copy(endpoint, id, System.currentTimeMillis() + DAY_MS);
    }

    static NewCopy copy(Endpoint endpoint, String id, long expiresAtMs) {
        return new NewCopy(endpoint, id, expiresAtMs, "", Urgency.NORMAL, ByteString.copyFromUtf8("body of " + id));
    }

    Appended store(Endpoint endpoint, String id) {
        return store(copy(endpoint, id));
    }

    Appended store(Endpoint endpoint, String id, long expiresAtMs) {
        return store(copy(endpoint, id, expiresAtMs));
    }

    Appended store(NewCopy copy) {
        return (Appended) append(copy, ROOMY);
    }

    AppendOutcome append(NewCopy copy, int limit) {
        return await(inbox.append(copy, limit, true)).orElseThrow();
    }

    /** With a collapse key. */
    Appended storeKeyed(Endpoint endpoint, String id, String collapseKey) {
        NewCopy plain = copy(endpoint, id);
        return store(new NewCopy(endpoint, id, plain.expiresAtMs(), collapseKey, Urgency.NORMAL, plain.message()));
    }

    Page load(Endpoint endpoint) {
        return load(endpoint, 0, 1000);
    }

    Page load(Endpoint endpoint, long after, int limit) {
        return await(inbox.load(endpoint, Reading.further(after, limit, 0, ROOM)))
                .orElseThrow();
    }

    /** A session's first reading; empty: something comes first. */
    Optional<Page> open(Endpoint endpoint, long named, long generation) {
        return await(inbox.open(endpoint, named, Reading.first(1000, generation, ROOM)));
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
        return await(inbox.ack(endpoint, new Ack(seq, ROOM, 0))).orElseThrow().seq();
    }

    InboxStore.Watermark acked(Endpoint endpoint, long seq) {
        return await(inbox.ack(endpoint, new Ack(seq, ROOM, 0))).orElseThrow();
    }

    long pending(Endpoint endpoint) {
        return await(inbox.pending(endpoint)).orElseThrow();
    }

    Forgotten forget(Endpoint endpoint, long uptoSeq) {
        return await(inbox.forget(endpoint, uptoSeq, DropReason.FORGOTTEN)).orElseThrow();
    }

    Forgotten empty(Endpoint endpoint) {
        return await(inbox.forget(endpoint, 0, DropReason.EMPTIED)).orElseThrow();
    }

    Inheritance bind(Endpoint endpoint) {
        return await(inbox.inherit(endpoint)).orElseThrow();
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
        await(inbox.settle(new Settlement(endpoint, seq, id, state, reason, new Settlement.By(ROOM, 3))));
    }

    /** When the decision was made. */
    public long bindAny(Endpoint endpoint) {
        Inheritance decision = bind(endpoint);
        keep(endpoint, decision.version());
        return decision.version();
    }

    /** A decision the journal does not have. */
    public void bindOnly(Endpoint endpoint) {
        bind(endpoint);
    }

    public long pendingAny(Endpoint endpoint) {
        return pending(endpoint);
    }

    /** The seq of another message with an id that was used before, as if that were a day ago. */
    public long reuse(Endpoint endpoint, String id) {
        String copy = InboxKeys.copies(endpoint) + id;
        await(redis.command(copy, it -> it.del(copy)));
        String user = InboxKeys.user(endpoint);
        long last = Long.parseLong(hash(user).getOrDefault("seq", "0"));
        byte[] tomorrow = Long.toString(last + DAY_MS * 1024).getBytes(StandardCharsets.US_ASCII);
        await(redis.command(user, it -> it.hset(user, "seq", tomorrow)));
        return storeAny(endpoint, id);
    }

    /** While Redis has no memory left. */
    public void whileFull(Runnable work) {
        await(redis.everywhere(it -> it.configSet("maxmemory", "1")));
        try {
            work.run();
        } finally {
            await(redis.everywhere(it -> it.configSet("maxmemory", "0")));
        }
    }

    /** Whether an inbox of that size takes one more. */
    public boolean takes(Endpoint endpoint, String id, int limit) {
        return append(copy(endpoint, id), limit) instanceof Appended;
    }

    /** What a hint for it says. */
    public long beforeOf(Endpoint endpoint, String id) {
        return store(endpoint, id).before();
    }

    /** Whether an inbox that is full must look at what is in MySQL alone. */
    public boolean isAwayWhenFull(Endpoint endpoint, int limit) {
        return isAwayFor(store -> store.append(copy(endpoint, "one-more"), limit, true));
    }

    public boolean isAwayForLoad(Endpoint endpoint, long after) {
        return isAwayFor(store -> store.load(endpoint, Reading.further(after, 10, 0, ROOM)));
    }

    public boolean isAwayForSession(Endpoint endpoint, long generation) {
        return isAwayFor(store -> store.load(endpoint, Reading.first(10, generation, ROOM)));
    }

    public boolean isAwayForAck(Endpoint endpoint, long seq) {
        return isAwayFor(store -> store.ack(endpoint, new Ack(seq, ROOM, 0)));
    }

    public boolean isAwayForForget(Endpoint endpoint) {
        return isAwayFor(store -> store.forget(endpoint, 0, DropReason.FORGOTTEN));
    }

    public boolean isAwayForBind(Endpoint endpoint) {
        return isAwayFor(store -> store.inherit(endpoint));
    }

    public boolean isAwayForPending(Endpoint endpoint) {
        return isAwayFor(store -> store.pending(endpoint));
    }

    private <T> boolean isAwayFor(Function<RedisInbox, CompletionStage<Optional<T>>> step) {
        return await(step.apply(inbox)).isEmpty();
    }

    /** As Redis may be after it was rolled back. */
    public void pretendAway(Endpoint endpoint, long upto, long count) {
        String box = InboxKeys.box(endpoint);
        byte[] seq = Long.toString(upto).getBytes(StandardCharsets.US_ASCII);
        byte[] number = Long.toString(count).getBytes(StandardCharsets.US_ASCII);
        await(redis.command(box, it -> it.hset(box, Map.of("away", seq, "away_n", number))));
    }

    public int forgetAny(Endpoint endpoint) {
        return await(inbox.forget(endpoint, 0, DropReason.FORGOTTEN))
                .orElseThrow()
                .dropped()
                .size();
    }

    /** The fields of a copy; none if there is no such copy. */
    public Map<String, String> copyOf(Endpoint endpoint, String id) {
        return hash(InboxKeys.copies(endpoint) + id);
    }

    public String stateOf(Endpoint endpoint, String id) {
        return copyOf(endpoint, id).getOrDefault("state", "none");
    }

    public Map<String, String> hash(String key) {
        return text(await(redis.command(key, it -> it.hgetall(key))));
    }

    private static Map<String, String> text(Map<String, byte[]> bytes) {
        Map<String, String> fields = new TreeMap<>();
        bytes.forEach((name, value) -> fields.put(name, new String(value, StandardCharsets.UTF_8)));
        return fields;
    }

    /** Begins to count anew what {@link #calls} tells. */
    public void forgetCalls() {
        await(redis.everywhere(it -> it.configResetstat()));
    }

    /** How often the command was carried out, also by scripts. */
    public long calls(String command) {
        String begin = "cmdstat_" + command + ":calls=";
        return await(redis.everywhere(node -> node.info("commandstats"))).stream()
                .flatMap(String::lines)
                .filter(line -> line.startsWith(begin))
                .mapToLong(line -> Long.parseLong(line.substring(begin.length(), line.indexOf(','))))
                .sum();
    }

    public long exists(String key) {
        return await(redis.command(key, it -> it.exists(key)));
    }

    /** How long a key lives on, in ms. */
    public long left(String key) {
        return await(redis.command(key, it -> it.pttl(key)));
    }

    /** Nobody stands in {@code unsent} of the shard of that endpoint any more: who had it before in this run is no neighbour. */
    void leaveUnsent(Endpoint endpoint) {
        String key = InboxKeys.unsent(endpoint.shard());
        await(redis.command(key, it -> it.del(key)));
    }

    /** The seq under which an endpoint stands in {@code unsent}; 0 if it does not. */
    public long unsent(Endpoint endpoint) {
        return score(InboxKeys.unsent(endpoint.shard()), endpoint);
    }

    private long score(String key, Endpoint endpoint) {
        byte[] member = endpoint.text().getBytes(StandardCharsets.UTF_8);
        Double score = await(redis.command(key, it -> it.zscore(key, member)));
        return score == null ? 0 : score.longValue();
    }

    public static <T> T await(CompletionStage<T> stage) {
        return RedisStore.await(stage, Deadline.after(Duration.ofSeconds(30)));
    }

    @Override
    public void close() {
        redis.close();
    }
}
