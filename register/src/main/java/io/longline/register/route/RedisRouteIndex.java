package io.longline.register.route;

import io.lettuce.core.ScriptOutputType;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.ErrorTranslator;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.product.Callback;
import io.longline.keeper.redis.RedisArgs;
import io.longline.keeper.redis.RedisScript;
import io.longline.keeper.redis.RedisStore;
import io.longline.register.endpoint.Endpoint;
import io.longline.register.endpoint.FollowNote;
import io.longline.register.endpoint.FollowedTopic;
import io.longline.register.endpoint.Place;
import io.longline.register.endpoint.Route;
import io.longline.register.endpoint.RouteKeys;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The index in Redis: each question is one script, whose header says what it is given and what it answers. */
public final class RedisRouteIndex implements RouteIndex {
    private static final RedisScript BIND = RedisScript.of(RedisRouteIndex.class, "bind.lua");
    private static final RedisScript UNBIND = RedisScript.of(RedisRouteIndex.class, "unbind.lua");
    private static final RedisScript FORGET = RedisScript.of(RedisRouteIndex.class, "forget.lua");
    private static final RedisScript FORGOTTEN = RedisScript.of(RedisRouteIndex.class, "forgotten.lua");
    private static final RedisScript LOCATE = RedisScript.of(RedisRouteIndex.class, "locate.lua");
    private static final RedisScript DEVICES = RedisScript.of(RedisRouteIndex.class, "devices.lua");
    private static final RedisScript SEEN = RedisScript.of(RedisRouteIndex.class, "seen.lua");
    private static final RedisScript ONLINE = RedisScript.of(RedisRouteIndex.class, "online.lua");
    private static final RedisScript CROWD = RedisScript.of(RedisRouteIndex.class, "crowd.lua");

    /** "seen generation known born network", as in known_device.lua; one that is not known yet is still on its way to the journal. */
    private static final Pattern KNOWN = Pattern.compile("(\\d+) \\d+ 1 (?:\\d+ )?(.*)", Pattern.DOTALL);

    private final RedisStore redis;
    private final int mostEvents;
    private final Runnable shardLost;

    /**
     * @param mostEvents a shard's stream of events takes no more than these
     * @param shardLost told whenever a script met a lost shard; must not block
     */
    public RedisRouteIndex(RedisStore redis, int mostEvents, Runnable shardLost) {
        this.redis = redis;
        this.mostEvents = mostEvents;
        this.shardLost = shardLost;
    }

    @Override
    public CompletionStage<BindOutcome> bind(Binding binding, long noted, boolean leaves) {
        Endpoint endpoint = binding.endpoint();
        RouteKeys keys = RouteKeys.of(endpoint.product(), endpoint.user());
        List<String> touched = List.of(
                keys.generation(),
                keys.dead(),
                keys.rooms(),
                keys.events(),
                keys.routes(endpoint.product(), endpoint.user()),
                keys.devices(endpoint.product(), endpoint.user()),
                keys.index(),
                keys.online(endpoint.product()),
                keys.ended(endpoint.product(), endpoint.user()),
                keys.follows(endpoint.product(), endpoint.user()),
                keys.kicks(endpoint.product(), endpoint.user()),
                keys.presence());
        RedisArgs args = RedisArgs.of(endpoint.product(), endpoint.user(), endpoint.device())
                .and(
                        binding.place(),
                        binding.network(),
                        noted,
                        mostEvents,
                        binding.previousGeneration(),
                        binding.notAfterMs(),
                        binding.secondDevice().policy().word(),
                        binding.secondDevice().most(),
                        binding.presencePer().map(Callback.Per::word).orElse(""),
                        leaves ? 1 : 0);
        return this.<byte[]>run(BIND, ScriptOutputType.VALUE, keys, touched, args)
                .thenApply(RedisRouteIndex::bindOutcome);
    }

    @Override
    public CompletionStage<UnbindOutcome> unbind(Endpoint endpoint, long generation, boolean forget, UnbindReason why) {
        return unbind(endpoint, generation, "", forget ? "forgotten" : why.word(), forget);
    }

    @Override
    public CompletionStage<UnbindOutcome> unbindAt(Endpoint endpoint, Place place, long generation) {
        return unbind(endpoint, generation, place.toString(), UnbindReason.UNBOUND.word(), false);
    }

    private CompletionStage<UnbindOutcome> unbind(
            Endpoint endpoint, long generation, String place, String told, boolean forget) {
        RouteKeys keys = RouteKeys.of(endpoint.product(), endpoint.user());
        List<String> touched = List.of(
                keys.generation(),
                keys.routes(endpoint.product(), endpoint.user()),
                keys.devices(endpoint.product(), endpoint.user()),
                keys.index(),
                keys.online(endpoint.product()),
                keys.ended(endpoint.product(), endpoint.user()),
                keys.follows(endpoint.product(), endpoint.user()),
                keys.followers(endpoint.product()),
                keys.presence());
        RedisArgs args = RedisArgs.of(endpoint.product(), endpoint.user(), endpoint.device())
                .and(generation, forget ? 1 : 0, place, told);
        return this.<byte[]>run(UNBIND, ScriptOutputType.VALUE, keys, touched, args)
                .thenApply(RedisRouteIndex::unbindOutcome);
    }

    @Override
    public CompletionStage<Optional<Forgetting>> forget(
            String product, String user, Optional<String> device, OptionalLong upto) {
        return forget(product, user, device.orElse(""), 0, upto.isPresent() ? Long.toString(upto.getAsLong()) : "");
    }

    @Override
    public CompletionStage<Optional<Forgetting>> forgetUnseen(String product, String user, Duration unseen) {
        return forget(product, user, "", unseen.toMillis(), "");
    }

    private CompletionStage<Optional<Forgetting>> forget(
            String product, String user, String device, long unseenMs, String upto) {
        RouteKeys keys = RouteKeys.of(product, user);
        List<String> touched = List.of(
                keys.generation(),
                keys.events(),
                keys.routes(product, user),
                keys.devices(product, user),
                keys.index(),
                keys.online(product),
                keys.follows(product, user),
                keys.followers(product),
                keys.presence());
        RedisArgs args = RedisArgs.of(product, user, device, mostEvents, unseenMs, upto);
        return this.<List<Object>>run(FORGET, ScriptOutputType.MULTI, keys, touched, args)
                .thenApply(answer -> forgetting(product, user, answer));
    }

    @Override
    public CompletionStage<Long> forgotten(String product, String user, long generation, List<String> devices) {
        RouteKeys keys = RouteKeys.of(product, user);
        RedisArgs args = RedisArgs.of(generation).and(devices.toArray());
        List<String> touched =
                List.of(keys.devices(product, user), keys.ended(product, user), keys.follows(product, user));
        return run(FORGOTTEN, ScriptOutputType.INTEGER, keys, touched, args);
    }

    @Override
    public CompletionStage<Whereabouts> locate(Endpoint endpoint) {
        RouteKeys keys = RouteKeys.of(endpoint.product(), endpoint.user());
        List<String> touched = List.of(keys.routes(endpoint.product(), endpoint.user()));
        RedisArgs args = RedisArgs.of(endpoint.device());
        return this.<byte @Nullable []>run(LOCATE, ScriptOutputType.VALUE, keys, touched, args)
                .handle(RedisRouteIndex::whereabouts);
    }

    @Override
    public CompletionStage<UserDevices> devices(String product, String user) {
        RouteKeys keys = RouteKeys.of(product, user);
        List<String> touched = List.of(
                keys.generation(),
                keys.routes(product, user),
                keys.devices(product, user),
                keys.follows(product, user));
        return this.<List<Object>>run(DEVICES, ScriptOutputType.MULTI, keys, touched, RedisArgs.of())
                .thenApply(RedisRouteIndex::userDevices);
    }

    @Override
    public CompletionStage<List<LastSeen>> seen(String product, int shard, List<String> users) {
        RouteKeys keys = RouteKeys.of(shard);
        List<String> touched = users.stream()
                .flatMap(user -> Stream.of(keys.routes(product, user), keys.devices(product, user)))
                .toList();
        return this.<List<Long>>run(SEEN, ScriptOutputType.MULTI, keys, touched, RedisArgs.of())
                .thenApply(answer -> IntStream.range(0, users.size())
                        .mapToObj(i -> new LastSeen(answer.get(2 * i) == 1, answer.get(2 * i + 1)))
                        .toList());
    }

    @Override
    public CompletionStage<Online> online(String product, int shard, String after, int limit) {
        RouteKeys keys = RouteKeys.of(shard);
        return this.<List<Object>>run(
                        ONLINE, ScriptOutputType.MULTI, keys, List.of(keys.online(product)), RedisArgs.of(after, limit))
                .thenApply(answer -> new Online((Long) answer.getFirst(), texts(answer.subList(1, answer.size()))));
    }

    @Override
    public CompletionStage<Crowd> crowd(String product, int shard, int sample) {
        RouteKeys keys = RouteKeys.of(shard);
        RedisArgs args = RedisArgs.of(keys.routes(product, ""), sample);
        return this.<List<Long>>run(CROWD, ScriptOutputType.MULTI, keys, List.of(keys.online(product)), args)
                .thenApply(answer -> new Crowd(answer.get(0), answer.get(1), answer.get(2)));
    }

    private <T extends @Nullable Object> CompletionStage<T> run(
            RedisScript script, ScriptOutputType type, RouteKeys keys, List<String> touched, RedisArgs args) {
        CompletionStage<T> stage = redis.script(script, type, keys.mark(), touched, args.list());
        return stage.whenComplete((answer, error) -> {
            if (error != null && ErrorTranslator.fromAny(error).code() == ErrorCode.SHARD_LOST) {
                shardLost.run();
            }
        });
    }

    private static BindOutcome bindOutcome(byte[] answer) {
        String[] words = text(answer).split(" ", -1);
        return switch (words[0]) {
            case "BOUND" ->
                new BindOutcome.Bound(
                        Long.parseLong(words[1]),
                        BindOutcome.Replaced.valueOf(words[2].toUpperCase(Locale.ROOT)),
                        Integer.parseInt(words[3]),
                        Integer.parseInt(words[4]),
                        Long.parseLong(words[5]),
                        Long.parseLong(words[6]),
                        FollowedTopic.parse(List.of(words).subList(7, words.length)));
            case "REFUSED" -> new BindOutcome.Refused(Integer.parseInt(words[1]), Long.parseLong(words[2]));
            case "BLOCKED" ->
                new BindOutcome.Blocked(Long.parseLong(words[1]), kickReason(words), Long.parseLong(words[2]));
            case "KICKED" ->
                new BindOutcome.Kicked(Long.parseLong(words[1]), kickReason(words), Long.parseLong(words[2]));
            case "NOTE" ->
                new BindOutcome.NotJournaled(
                        Long.parseLong(words[1]), List.of(words).subList(2, words.length));
            case "LEFT" -> new BindOutcome.Left();
            case "OVERTAKEN" -> new BindOutcome.Overtaken(Long.parseLong(words[1]), Long.parseLong(words[2]));
            case "FORGOTTEN" -> new BindOutcome.Forgotten(Long.parseLong(words[1]), Long.parseLong(words[2]));
            case "LATE" -> new BindOutcome.Late(Long.parseLong(words[1]), Long.parseLong(words[2]));
            case "DEAD" -> new BindOutcome.IncarnationGone();
            default -> throw new LonglineException(ErrorCode.INTERNAL, "bind.lua answered " + text(answer));
        };
    }

    /** The last of an answer, whatever stands in it. */
    private static String kickReason(String[] words) {
        return String.join(" ", List.of(words).subList(3, words.length));
    }

    private static UnbindOutcome unbindOutcome(byte[] answer) {
        String[] words = text(answer).split(" ", -1);
        return switch (words[0]) {
            case "NOT_OWNER" -> new UnbindOutcome.NotOwner(Long.parseLong(words[1]), Long.parseLong(words[2]));
            case "UNBOUND" -> new UnbindOutcome.Unbound(Long.parseLong(words[1]));
            case "FORGOTTEN" ->
                new UnbindOutcome.Forgotten(
                        Long.parseLong(words[1]),
                        Long.parseLong(words[2]),
                        List.of(words).subList(3, words.length));
            default -> throw new LonglineException(ErrorCode.INTERNAL, "unbind.lua answered " + text(answer));
        };
    }

    private static Optional<Forgetting> forgetting(String product, String user, List<Object> answer) {
        if (answer.isEmpty()) {
            return Optional.empty();
        }
        long generation = Long.parseLong(text((byte[]) answer.get(0)));
        List<String> devices = texts(answer.subList(6, answer.size()));
        List<String> back = texts((List<?>) answer.get(4));
        List<FollowNote> unfollowed = texts((List<?>) answer.get(5)).stream()
                .map(field -> field.split("/", 2))
                .map(names -> FollowNote.ended(new Endpoint(product, user, names[0]), names[1], generation))
                .toList();
        return Optional.of(new Forgetting(
                generation,
                Long.parseLong(text((byte[]) answer.get(1))),
                Math.toIntExact((Long) answer.get(2)),
                Math.toIntExact((Long) answer.get(3)),
                devices,
                back,
                unfollowed));
    }

    private static Whereabouts whereabouts(byte @Nullable [] route, @Nullable Throwable error) {
        if (error != null) {
            LonglineException known = ErrorTranslator.fromAny(error);
            if (known.code() == ErrorCode.SHARD_LOST) {
                return new Whereabouts.Unknown();
            }
            throw known;
        }
        return route == null ? new Whereabouts.Offline() : new Whereabouts.Online(Route.parse(text(route)));
    }

    private static UserDevices userDevices(List<Object> answer) {
        Map<String, String> routes = fields(answer.get(1));
        List<KnownDevice> devices = new ArrayList<>();
        fields(answer.get(0)).forEach((device, entry) -> {
            Matcher known = KNOWN.matcher(entry);
            if (known.matches()) {
                Optional<Route> route = Optional.ofNullable(routes.get(device)).map(Route::parse);
                devices.add(new KnownDevice(device, Long.parseLong(known.group(1)), known.group(2), route));
            }
        });
        devices.sort(Comparator.comparing(KnownDevice::isOnline)
                .thenComparingLong(KnownDevice::lastSeenMs)
                .reversed()
                .thenComparing(KnownDevice::device));
        List<String> topics =
                texts((List<?>) answer.get(3)).stream().distinct().sorted().toList();
        return new UserDevices(Long.parseLong(text((byte[]) answer.get(2))), devices, topics);
    }

    /** A hash, as Redis answers it: name, value, name, value. */
    private static Map<String, String> fields(Object answer) {
        Map<String, String> fields = new HashMap<>();
        Iterator<?> texts = ((List<?>) answer).iterator();
        while (texts.hasNext()) {
            fields.put(text((byte[]) texts.next()), text((byte[]) texts.next()));
        }
        return fields;
    }

    private static List<String> texts(List<?> answer) {
        return answer.stream().map(each -> text((byte[]) each)).toList();
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
