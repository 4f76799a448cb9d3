package io.longline.keeper.product;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A tenant: an app or service that pushes. Making one that does not validate throws {@link ErrorCode#INVALID_ARGUMENT}
 * with every problem.
 *
 * @param apiKeys of its back ends, the newest of a scope first; two of a scope while one is being changed
 * @param clientSecrets with which its back ends sign tokens by HS256, the newest first; each of 32 bytes or more
 * @param clientPublicKeys PEM, for tokens signed by ES256
 * @param window how many messages may be unacknowledged in a session
 * @param inboxLimit how many messages may wait in an inbox
 * @param maxPayloadBytes of a message as it arrives
 * @param deviceTtlDays after so long unseen a device is forgotten
 * @param openTopics patterns of topics that its clients may follow without their token saying so
 * @param limits of what its back ends may send
 * @param secondDevice what happens when one more device of a user connects
 * @param broadcasts at what pace they go on
 * @param merge for how long what is due to a session is collected
 * @param topicLog how much the logs of its topics hold
 * @param uplinks how many its clients may send
 * @param callbacks where its back ends are told of things
 * @param presence who is told who comes and goes, and may know who is online
 */
public record Product(
        String id,
        Durability durability,
        List<ApiKey> apiKeys,
        List<String> clientSecrets,
        List<String> clientPublicKeys,
        int window,
        int inboxLimit,
        int maxPayloadBytes,
        Heartbeats heartbeat,
        int deviceTtlDays,
        List<String> openTopics,
        SendLimits limits,
        SecondDevice secondDevice,
        BroadcastLimits broadcasts,
        MergeWindows merge,
        LogLimits topicLog,
        UplinkLimits uplinks,
        Callbacks callbacks,
        PresenceRules presence) {

    private static final int VALID_AT_ONCE = 2;
    /** Where a product has its secrets that was written before they had scopes: all of them are full. */
    private static final String BEFORE_SCOPES = "api_secret_hashes";

    private static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    public Product {
        apiKeys = List.copyOf(apiKeys);
        clientSecrets = List.copyOf(clientSecrets);
        clientPublicKeys = List.copyOf(clientPublicKeys);
        openTopics = List.copyOf(openTopics);
        ProductProblems problems = new ProductProblems();
        problems.id("product", id);
        problems.present("durability", durability);
        problems.apiKeys("api_keys", apiKeys);
        problems.clientSecrets("client_secrets", clientSecrets);
        problems.publicKeys("client_public_keys", clientPublicKeys);
        problems.range("window", window, 1, 1024);
        problems.range("inbox_limit", inboxLimit, 1, 1_000_000);
        problems.range("max_payload_bytes", maxPayloadBytes, 1, 64 * 1024);
        problems.heartbeats("heartbeat", heartbeat);
        problems.range("device_ttl_days", deviceTtlDays, 1, 3650);
        problems.patterns("open_topics", openTopics);
        problems.limits("limits", limits, maxPayloadBytes);
        problems.secondDevice("second_device", secondDevice);
        problems.broadcasts("broadcasts", broadcasts);
        problems.merge("merge", merge);
        problems.topicLog("topic_log", topicLog);
        problems.uplinks("uplinks", uplinks);
        problems.callbacks("callbacks", callbacks);
        problems.presence("presence", presence);
        problems.finish();
    }

    /** A product with the usual limits and no secrets yet. */
    public static Product create(String id, Durability durability) {
        return new Product(
                id,
                durability,
                List.of(),
                List.of(),
                List.of(),
                64,
                10_000,
                4096,
                Heartbeats.DEFAULT,
                90,
                List.of(),
                SendLimits.NONE,
                SecondDevice.DEFAULT,
                BroadcastLimits.NONE,
                MergeWindows.NONE,
                LogLimits.NONE,
                UplinkLimits.DEFAULT,
                Callbacks.NONE,
                PresenceRules.DEFAULT);
    }

    /** Accepts these from now on; see {@link #rotated} and {@link #clientSecretRotated}. */
    public Product withSecrets(ProductSecrets secrets) {
        return rotated(ApiScope.FULL, secrets.apiSecret()).clientSecretRotated(secrets.clientSecret());
    }

    /** Accepts this secret too. Of those of the same scope before it the newest stays, until the next change. */
    public Product rotated(ApiScope scope, String secret) {
        ApiKey fresh = new ApiKey(scope, sha256(secret));
        List<ApiKey> others =
                apiKeys.stream().filter(key -> key.scope() != scope).toList();
        List<ApiKey> kept = Stream.concat(Stream.of(fresh), keysOf(scope))
                .distinct()
                .limit(VALID_AT_ONCE)
                .toList();
        return with("api_keys", Stream.concat(kept.stream(), others.stream()).toList());
    }

    /** Signs tokens with this secret from now on, and accepts those of the one before it until the next change. */
    public Product clientSecretRotated(String secret) {
        return with(
                "client_secrets",
                Stream.concat(Stream.of(secret), clientSecrets.stream())
                        .distinct()
                        .limit(VALID_AT_ONCE)
                        .toList());
    }

    /** Accepts the newest secret of the scope alone. */
    public Product retired(ApiScope scope) {
        return with(
                "api_keys",
                apiKeys.stream()
                        .filter(key -> key.scope() != scope
                                || key.equals(keysOf(scope).findFirst().orElseThrow()))
                        .toList());
    }

    /** Accepts tokens of the newest client secret alone. */
    public Product clientSecretRetired() {
        return with("client_secrets", clientSecrets.stream().limit(1).toList());
    }

    private Stream<ApiKey> keysOf(ApiScope scope) {
        return apiKeys.stream().filter(key -> key.scope() == scope);
    }

    public Product withHeartbeat(Heartbeats newHeartbeat) {
        return with("heartbeat", newHeartbeat);
    }

    public Product withOpenTopics(List<String> patterns) {
        return with("open_topics", patterns);
    }

    /** Whether anybody is told who comes and goes. */
    public boolean tellsPresence() {
        return presence.events() || callbacks.ofKind(Callback.PRESENCE).isPresent();
    }

    /** Of whom it is told. */
    public Callback.Per presencePer() {
        return callbacks.ofKind(Callback.PRESENCE).map(Callback::per).orElse(Callback.Per.DEVICE);
    }

    /** The same but for this field, named as in {@link #toJson}. */
    public Product with(String field, Object value) {
        ObjectNode values = tree();
        if (!values.has(field)) {
            throw new IllegalArgumentException("a product has no " + field);
        }
        values.set(field, JSON.valueToTree(value));
        return fromTree(values);
    }

    /** What a back end may do with this secret; empty: nothing. Takes the same time for every wrong one. */
    public Optional<ApiScope> scopeOf(String secret) {
        byte[] given = sha256(secret).getBytes(StandardCharsets.US_ASCII);
        ApiScope found = null;
        for (ApiKey key : apiKeys) {
            boolean same = MessageDigest.isEqual(given, key.hash().getBytes(StandardCharsets.US_ASCII));
            found = same && (found == null || key.scope() == ApiScope.FULL) ? key.scope() : found;
        }
        return Optional.ofNullable(found);
    }

    /**
     * Reads one back. Unknown fields are ignored and absent ones have their usual value, so that releases may differ.
     * {@link ErrorCode#INVALID_ARGUMENT} when it does not validate.
     */
    public static Product fromJson(byte[] json) {
        try {
            ObjectNode values = JSON.valueToTree(create("usual", Durability.MYSQL));
            values.remove("id");
            values.setAll(JSON.readValue(json, ObjectNode.class));
            if (values.has(BEFORE_SCOPES)) {
                values.withArray(BEFORE_SCOPES)
                        .forEach(
                                hash -> values.withArray("api_keys").addPOJO(new ApiKey(ApiScope.FULL, hash.asText())));
            }
            return fromTree(values);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    static Product fromTree(ObjectNode values) {
        try {
            return JSON.treeToValue(values, Product.class);
        } catch (ValueInstantiationException e) {
            if (e.getCause() instanceof LonglineException invalid) {
                throw invalid;
            }
            throw unreadable(e);
        } catch (JsonProcessingException e) {
            throw unreadable(e);
        }
    }

    ObjectNode tree() {
        return JSON.valueToTree(this);
    }

    /** What is kept in ZooKeeper, client secrets included. */
    public byte[] toJson() {
        try {
            return JSON.writeValueAsBytes(this);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Without secrets. */
    @Override
    public String toString() {
        return "Product[" + id + ", " + durability + "]";
    }

    private static LonglineException unreadable(IOException e) {
        return new LonglineException(ErrorCode.INVALID_ARGUMENT, "not a product: " + e.getMessage(), e);
    }

    private static String sha256(String secret) {
        try {
            byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
