package io.longline.saver.inbox;

import io.lettuce.core.ScriptOutputType;
import io.longline.keeper.redis.RedisScript;
import io.longline.keeper.redis.RedisStore;
import io.longline.keeper.shard.Shards;
import io.longline.saver.endpoint.CopyState;
import io.longline.saver.endpoint.Endpoint;
import io.longline.saver.endpoint.Ends;
import io.longline.saver.endpoint.InboxKeys;
import io.longline.saver.endpoint.MessageEvents;
import io.longline.saver.endpoint.RedisReply;
import io.longline.saver.inbox.AppendOutcome.Appended;
import io.longline.saver.inbox.AppendOutcome.Full;
import io.longline.saver.inbox.AppendOutcome.NoRoom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Inboxes in Redis. Every step is a script beside this class; what it is given and answers stands at its top. */
public final class RedisInbox implements InboxStore {
    /** A page never makes an answer that a gRPC message cannot carry. */
    private static final int PAGE_BYTES = 256 * 1024;

    private static final RedisScript STORE = RedisScript.of(RedisInbox.class, "store.lua");
    private static final RedisScript CONFIRM = RedisScript.of(RedisInbox.class, "confirm.lua");
    private static final RedisScript INHERIT = RedisScript.of(RedisInbox.class, "inherit.lua");
    private static final RedisScript KEPT = RedisScript.of(RedisInbox.class, "kept.lua");
    private static final RedisScript OPEN = RedisScript.of(RedisInbox.class, "open.lua");
    private static final RedisScript LOAD = RedisScript.of(RedisInbox.class, "load.lua");
    private static final RedisScript ACK = RedisScript.of(RedisInbox.class, "ack.lua");
    private static final RedisScript SETTLE = RedisScript.of(RedisInbox.class, "settle.lua");
    private static final RedisScript UNSENT = RedisScript.of(RedisInbox.class, "unsent.lua");
    private static final RedisScript PENDING = RedisScript.of(RedisInbox.class, "pending.lua");
    private static final RedisScript FORGET = RedisScript.of(RedisInbox.class, "forget.lua");

    private final RedisStore redis;
    private final byte[] node;
    private final Ends ends;
    private final MessageEvents events;

    /**
     * Creates it.
     *
     * @param node the name of this saver
     * @param ends is told of what every answer says, also where nobody waits for that any more
     * @param events which products are told of ends
     */
    public RedisInbox(RedisStore redis, String node, Ends ends, MessageEvents events) {
        this.redis = redis;
        this.node = RedisReply.node(node);
        this.ends = ends;
        this.events = events;
    }

    @Override
    public CompletionStage<Optional<AppendOutcome>> append(NewCopy copy, int limit, boolean hasRoom) {
        Endpoint endpoint = copy.endpoint();
        List<byte[]> args = userArgs(endpoint);
        args.add(RedisReply.bytes(copy.messageId()));
        args.add(RedisReply.bytes(copy.expiresAtMs()));
        args.add(copy.message().toByteArray());
        args.add(RedisReply.bytes(limit));
        args.add(RedisReply.bytes(copy.collapseKey()));
        args.add(RedisReply.bytes(hasRoom ? 1 : 0));
        args.add(node);
        args.add(RedisReply.bytes(copy.job()));
        args.add(events.of(endpoint.product()));
        return present(STORE, endpoint, userKeys(endpoint), args, reply -> appendOutcome(endpoint.product(), reply));
    }

    private AppendOutcome appendOutcome(String product, RedisReply reply) {
        if (reply.size() == 1) {
            return reply.text(0).equals("FULL") ? new Full() : new NoRoom();
        }
        boolean repeated = reply.number(4) == 1;
        ends.ended(product, CopyState.COLLAPSED, !repeated && reply.number(6) > 0 ? 1 : 0);
        ends.ended(product, CopyState.EXPIRED, reply.number(8));
        events.unheard(reply.number(9));
        CopyState state = CopyState.valueOf(reply.text(3));
        return new Appended(
                reply.text(0),
                reply.number(1),
                reply.number(2),
                state,
                repeated,
                reply.text(5),
                reply.number(6),
                reply.text(7));
    }

    @Override
    public CompletionStage<Boolean> holds(Endpoint endpoint, String messageId, long seq) {
        return one(CONFIRM, endpoint, List.of(InboxKeys.copies(endpoint) + messageId), List.of(RedisReply.bytes(seq)))
                .thenApply(found -> found == 1);
    }

    @Override
    public CompletionStage<Optional<Inheritance>> inherit(Endpoint bound) {
        List<byte[]> args = userArgs(bound);
        args.add(RedisReply.bytes(""));
        return present(INHERIT, bound, userKeys(bound), args, RedisInbox::inheritance);
    }

    private static Inheritance inheritance(RedisReply reply) {
        RedisReply gone = reply.list(3);
        RedisReply fresh = reply.list(4);
        RedisReply held = reply.list(5);
        return new Inheritance(
                reply.text(0),
                reply.number(1),
                reply.number(2) == 1,
                gone.each(1, gone::number),
                fresh.each(
                        4,
                        i -> new Inheritance.Taken(
                                fresh.number(i), fresh.decimal(i + 1), fresh.text(i + 2), fresh.raw(i + 3))),
                held.each(1, held::number));
    }

    @Override
    public CompletionStage<Boolean> inheritanceKept(Endpoint ofUser, long version) {
        return one(
                        KEPT,
                        ofUser,
                        List.of(InboxKeys.user(ofUser), InboxKeys.moved(ofUser)),
                        List.of(RedisReply.bytes(version)))
                .thenApply(kept -> kept == 1);
    }

    @Override
    public CompletionStage<Optional<Page>> open(Endpoint endpoint, long named, Reading first) {
        List<String> keys = new ArrayList<>(endpointKeys(endpoint));
        keys.add(InboxKeys.user(endpoint));
        List<byte[]> args = readingArgs(endpoint, first);
        args.add(RedisReply.bytes(named));
        args.add(RedisReply.bytes(endpoint.device()));
        return many(OPEN, endpoint, keys, args)
                .thenApply(reply ->
                        Optional.of(reply).filter(page -> page.size() > 1).map(page -> page(endpoint.product(), page)));
    }

    @Override
    public CompletionStage<Optional<Page>> load(Endpoint endpoint, Reading reading) {
        return present(
                LOAD,
                endpoint,
                endpointKeys(endpoint),
                readingArgs(endpoint, reading),
                reply -> page(endpoint.product(), reply));
    }

    private List<byte[]> readingArgs(Endpoint endpoint, Reading reading) {
        List<byte[]> args = endpointArgs(endpoint);
        args.add(RedisReply.bytes(reading.after()));
        args.add(RedisReply.bytes(reading.limit()));
        args.add(RedisReply.bytes(PAGE_BYTES));
        args.add(RedisReply.bytes(reading.generation()));
        args.add(RedisReply.bytes(reading.begins() ? 1 : 0));
        args.add(RedisReply.node(reading.room()));
        args.add(events.of(endpoint.product()));
        return args;
    }

    private Page page(String product, RedisReply reply) {
        ends.ended(product, CopyState.EXPIRED, reply.number(7));
        events.unheard(reply.number(8));
        RedisReply found = reply.list(3);
        List<Page.Stored> messages = found.each(2, i -> new Page.Stored(found.number(i), found.raw(i + 1)));
        return new Page(
                messages,
                reply.number(0) == 1,
                reply.number(1),
                reply.number(2),
                reply.number(4),
                reply.number(5) == 1,
                reply.number(6));
    }

    @Override
    public CompletionStage<Optional<Watermark>> ack(Endpoint endpoint, Ack ack) {
        List<byte[]> args = endpointArgs(endpoint);
        args.add(RedisReply.bytes(ack.seq()));
        args.add(RedisReply.node(ack.room()));
        args.add(RedisReply.bytes(ack.generation()));
        args.add(events.of(endpoint.product()));
        return present(ACK, endpoint, endpointKeys(endpoint), args, reply -> {
            ends.ended(endpoint.product(), CopyState.ACKED, reply.number(2));
            events.unheard(reply.number(3));
            return new Watermark(reply.number(0), reply.number(1) == 1);
        });
    }

    @Override
    public CompletionStage<Settlement.Settled> settle(Settlement settlement) {
        Endpoint endpoint = settlement.endpoint();
        List<byte[]> args = userArgs(endpoint);
        args.add(RedisReply.bytes(settlement.messageId()));
        args.add(RedisReply.bytes(settlement.seq()));
        args.add(RedisReply.bytes(settlement.state().name()));
        args.add(RedisReply.bytes(settlement.reason()));
        args.add(RedisReply.node(settlement.by().node()));
        args.add(RedisReply.bytes(settlement.by().routedMs()));
        args.add(RedisReply.bytes(settlement.refuses() ? 1 : 0));
        args.add(events.of(endpoint.product()));
        List<String> keys = List.of(InboxKeys.unsent(endpoint.shard()), InboxKeys.user(endpoint));
        return many(SETTLE, endpoint, keys, args).thenApply(reply -> {
            Optional<CopyState> state =
                    Optional.of(reply.text(0)).filter(text -> !text.isEmpty()).map(CopyState::valueOf);
            boolean ended = reply.number(3) == 1;
            boolean isVoid = reply.number(4) == 1;
            events.unheard(reply.number(5));
            if (ended && !isVoid) {
                ends.ended(endpoint.product(), settlement.state(), 1);
            }
            return new Settlement.Settled(state, reply.text(1), reply.number(2), ended, isVoid);
        });
    }

    @Override
    public CompletionStage<List<Unsent>> unsent(int shard, long fromSeq, long olderThanMs, int limit) {
        List<byte[]> args = List.of(RedisReply.bytes(olderThanMs), RedisReply.bytes(limit), RedisReply.bytes(fromSeq));
        CompletionStage<List<Object>> answer = redis.script(
                UNSENT, ScriptOutputType.MULTI, InboxKeys.mark(shard), List.of(InboxKeys.unsent(shard)), args);
        return answer.thenApply(RedisReply::new)
                .thenApply(reply -> reply.each(2, i -> new Unsent(Endpoint.parse(reply.text(i)), reply.number(i + 1))));
    }

    @Override
    public CompletionStage<Optional<Long>> pending(Endpoint endpoint) {
        List<byte[]> args = endpointArgs(endpoint);
        args.add(events.of(endpoint.product()));
        return present(PENDING, endpoint, endpointKeys(endpoint), args, reply -> {
            ends.ended(endpoint.product(), CopyState.EXPIRED, reply.number(1));
            events.unheard(reply.number(2));
            return reply.number(0);
        });
    }

    @Override
    public CompletionStage<Optional<Forgotten>> forget(Endpoint endpoint, long uptoSeq, DropReason why) {
        List<byte[]> args = userArgs(endpoint);
        args.add(RedisReply.bytes(uptoSeq));
        args.add(RedisReply.bytes(why.word()));
        args.add(node);
        args.add(events.of(endpoint.product()));
        return present(FORGET, endpoint, userKeys(endpoint), args, reply -> {
            ends.ended(endpoint.product(), CopyState.DROPPED, reply.number(2));
            events.unheard(reply.number(3));
            return forgotten(reply);
        });
    }

    private static Forgotten forgotten(RedisReply reply) {
        RedisReply dropped = reply.from(4);
        return new Forgotten(
                reply.number(0),
                reply.number(1),
                dropped.each(2, i -> new Forgotten.Dropped(dropped.number(i), dropped.text(i + 1))));
    }

    /** Empty where the script says AWAY. */
    private <T> CompletionStage<Optional<T>> present(
            RedisScript script, Endpoint endpoint, List<String> keys, List<byte[]> args, Function<RedisReply, T> read) {
        return many(script, endpoint, keys, args)
                .thenApply(
                        reply -> Optional.of(reply).filter(RedisInbox::isHere).map(read));
    }

    private static boolean isHere(RedisReply reply) {
        return reply.size() > 1 || !reply.text(0).equals("AWAY");
    }

    private CompletionStage<RedisReply> many(
            RedisScript script, Endpoint endpoint, List<String> keys, List<byte[]> args) {
        String mark = InboxKeys.mark(endpoint.shard());
        CompletionStage<List<Object>> answer = redis.script(script, ScriptOutputType.MULTI, mark, keys, args);
        return answer.thenApply(RedisReply::new);
    }

    private CompletionStage<Long> one(RedisScript script, Endpoint endpoint, List<String> keys, List<byte[]> args) {
        String mark = InboxKeys.mark(endpoint.shard());
        CompletionStage<Long> answer = redis.script(script, ScriptOutputType.INTEGER, mark, keys, args);
        return answer.thenApply(Function.identity());
    }

    private static List<String> userKeys(Endpoint endpoint) {
        return List.of(InboxKeys.user(endpoint), InboxKeys.unsent(endpoint.shard()));
    }

    private static List<byte[]> userArgs(Endpoint endpoint) {
        List<byte[]> args = new ArrayList<>();
        args.add(RedisReply.bytes(Shards.tag(endpoint.shard())));
        args.add(RedisReply.bytes(endpoint.owner()));
        args.add(RedisReply.bytes(endpoint.device()));
        return args;
    }

    private static List<String> endpointKeys(Endpoint endpoint) {
        return List.of(InboxKeys.box(endpoint), InboxKeys.inbox(endpoint), InboxKeys.unsent(endpoint.shard()));
    }

    private static List<byte[]> endpointArgs(Endpoint endpoint) {
        List<byte[]> args = new ArrayList<>();
        args.add(RedisReply.bytes(InboxKeys.copies(endpoint)));
        args.add(RedisReply.bytes(endpoint.text()));
        return args;
    }
}
