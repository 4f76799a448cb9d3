package io.longline.coordinator.uplink;

import com.google.protobuf.ByteString;
import io.lettuce.core.ScriptOutputType;
import io.longline.keeper.redis.RedisScript;
import io.longline.keeper.redis.RedisStore;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.shard.Shards;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** {@link UplinkStore} in Redis Streams. */
final class RedisUplinks implements UplinkStore {
    private static final RedisScript KEEP = RedisScript.of(RedisUplinks.class, "keep.lua");
    private static final RedisScript ADMIT = RedisScript.of(RedisUplinks.class, "admit.lua");
    private static final RedisScript HOLD = RedisScript.of(RedisUplinks.class, "hold.lua");
    private static final RedisScript RELEASE = RedisScript.of(RedisUplinks.class, "release.lua");
    private static final RedisScript INDEX = RedisScript.of(RedisUplinks.class, "index.lua");
    private static final RedisScript BODIES = RedisScript.of(RedisUplinks.class, "bodies.lua");
    private static final RedisScript FINISH = RedisScript.of(RedisUplinks.class, "finish.lua");
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int REF_PARTS = 4;

    private final RedisStore redis;
    private final UplinkConfig.Limits limits;

    RedisUplinks(RedisStore redis, UplinkConfig.Limits limits) {
        this.redis = redis;
        this.limits = limits;
    }

    @Override
    public CompletionStage<KeepOutcome> keep(Uplink uplink) {
        Uplink.Sender sender = uplink.sender();
        Stream stream = new Stream(Shards.of(sender.product(), sender.user()), sender.product(), uplink.type());
        List<String> keys = List.of(
                UplinkKeys.id(stream.shard(), sender, uplink.id()),
                UplinkKeys.stream(stream),
                UplinkKeys.waiting(stream),
                UplinkKeys.streams(stream.shard()));
        List<byte[]> args = new ArrayList<>(List.of(
                bytes(stream.name()),
                bytes(sender.endpoint()),
                bytes(limits.perEndpoint()),
                bytes(limits.perStream()),
                bytes(limits.streamBytes()),
                bytes(limits.rememberIds().toMillis())));
        put(args, "u", sender.user());
        put(args, "d", sender.device());
        put(args, "g", Long.toString(sender.generation()));
        put(args, "p", sender.place().text());
        put(args, "i", uplink.id());
        put(args, "k", uplink.isText() ? "text" : "data");
        args.add(bytes("b"));
        args.add(uplink.payload().toByteArray());
        CompletionStage<byte[]> answer = redis.unmarked(KEEP, ScriptOutputType.VALUE, keys, args);
        return answer.thenApply(word -> KeepOutcome.valueOf(text(word).toUpperCase(Locale.ROOT)));
    }

    private static void put(List<byte[]> args, String name, String value) {
        args.add(bytes(name));
        args.add(bytes(value));
    }

    @Override
    public Admitted admit(String product, int wanted, int ratePerS, Deadline deadline) {
        List<Object> answer = RedisStore.await(
                redis.unmarked(
                        ADMIT,
                        ScriptOutputType.MULTI,
                        List.of(UplinkKeys.rate(product)),
                        List.of(bytes(wanted), bytes(ratePerS))),
                deadline);
        return new Admitted((int) number(answer.getFirst()), number(answer.get(1)));
    }

    @Override
    public Optional<Held> hold(int shard, String holder, Duration lease, Duration freeFor) {
        List<Object> answer = await(redis.unmarked(
                HOLD,
                ScriptOutputType.MULTI,
                List.of(UplinkKeys.lease(shard), UplinkKeys.streams(shard)),
                List.of(bytes(holder), bytes(lease.toMillis()), bytes(freeFor.toMillis()))));
        long fence = number(answer.getFirst());
        return fence == 0
                ? Optional.empty()
                : Optional.of(new Held(
                        fence,
                        answer.stream()
                                .skip(1)
                                .map(name -> Stream.of(shard, text(name)))
                                .toList()));
    }

    @Override
    public void release(int shard, long fence) {
        Long _ = await(redis.unmarked(
                RELEASE, ScriptOutputType.INTEGER, List.of(UplinkKeys.lease(shard)), List.of(bytes(fence))));
    }

    @Override
    public Optional<List<Ref>> index(Stream stream, long fence, long after, int most) {
        List<Object> answer = await(redis.unmarked(
                INDEX, ScriptOutputType.MULTI, leaseAnd(stream), List.of(bytes(fence), bytes(after), bytes(most))));
        if (number(answer.getFirst()) == 0) {
            return Optional.empty();
        }
        List<Ref> refs = new ArrayList<>();
        for (int i = 1; i < answer.size(); i += REF_PARTS) {
            refs.add(new Ref(number(answer.get(i)), text(answer.get(i + 1)) + "/" + text(answer.get(i + 2)), (int)
                    number(answer.get(i + REF_PARTS - 1))));
        }
        return Optional.of(refs);
    }

    @Override
    public Optional<List<Kept>> bodies(Stream stream, long fence, List<Ref> refs) {
        List<byte[]> args = new ArrayList<>(List.of(bytes(fence)));
        refs.forEach(ref -> args.add(bytes(ref.seq())));
        List<Object> answer = await(redis.unmarked(BODIES, ScriptOutputType.MULTI, leaseAnd(stream), args));
        if (number(answer.getFirst()) == 0) {
            return Optional.empty();
        }
        List<Kept> kept = new ArrayList<>();
        for (int i = 1; i < answer.size(); i += 2) {
            kept.add(kept(stream, number(answer.get(i)), (List<?>) answer.get(i + 1)));
        }
        return Optional.of(kept);
    }

    private static Kept kept(Stream stream, long seq, List<?> entry) {
        Map<String, byte[]> fields = new HashMap<>();
        for (int i = 0; i + 1 < entry.size(); i += 2) {
            fields.put(text(entry.get(i)), (byte[]) entry.get(i + 1));
        }
        Uplink.Sender sender = new Uplink.Sender(
                stream.product(),
                field(fields, "u"),
                field(fields, "d"),
                Long.parseLong(field(fields, "g")),
                Uplink.Place.of(field(fields, "p")));
        boolean isText = field(fields, "k").equals("text");
        ByteString payload = ByteString.copyFrom(fields.getOrDefault("b", new byte[0]));
        return new Kept(
                seq,
                Long.parseLong(field(fields, "t")),
                new Uplink(sender, stream.type(), field(fields, "i"), isText, payload));
    }

    private static String field(Map<String, byte[]> fields, String name) {
        return new String(fields.getOrDefault(name, new byte[0]), StandardCharsets.UTF_8);
    }

    @Override
    public boolean finish(Stream stream, long fence, List<Ref> refs) {
        List<String> keys = List.of(
                UplinkKeys.lease(stream.shard()),
                UplinkKeys.stream(stream),
                UplinkKeys.waiting(stream),
                UplinkKeys.streams(stream.shard()));
        List<byte[]> args = new ArrayList<>(List.of(bytes(fence), bytes(stream.name())));
        for (Ref ref : refs) {
            args.add(bytes(ref.seq()));
            args.add(bytes(ref.endpoint()));
            args.add(bytes(ref.size()));
        }
        CompletionStage<Long> answer = redis.unmarked(FINISH, ScriptOutputType.INTEGER, keys, args);
        return await(answer) == 1;
    }

    private static List<String> leaseAnd(Stream stream) {
        return List.of(UplinkKeys.lease(stream.shard()), UplinkKeys.stream(stream));
    }

    private static <T> T await(CompletionStage<T> answer) {
        return RedisStore.await(answer, Deadline.after(PATIENCE));
    }

    /** Numbers beyond what Lua gives exactly come as text. */
    private static long number(Object reply) {
        return reply instanceof Long number ? number : Long.parseLong(text(reply));
    }

    private static String text(Object reply) {
        return new String((byte[]) reply, StandardCharsets.UTF_8);
    }

    private static byte[] bytes(long number) {
        return bytes(Long.toString(number));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
