package io.longline.keeper.product;

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
import java.util.stream.Stream;

/**
 * A tenant: an app or service that pushes. Making one that does not validate throws {@link ErrorCode#INVALID_ARGUMENT}
 * with every problem.
 *
 * @param apiSecretHashes SHA-256 in hex; several while a secret is being changed
 * @param clientSecrets with which its back ends sign tokens by HS256, the newest first; each of 32 bytes or more
 * @param clientPublicKeys PEM, for tokens signed by ES256
 * @param window how many messages may be unacknowledged in a session
 * @param inboxLimit how many messages may wait in an inbox
 * @param maxPayloadBytes of a message as it arrives
 * @param deviceTtlDays after so long unseen a device is forgotten
 * @param openTopics patterns of topics that its clients may follow without their token saying so
 */
public record Product(
        String id,
        Durability durability,
        List<String> apiSecretHashes,
        List<String> clientSecrets,
        List<String> clientPublicKeys,
        int window,
        int inboxLimit,
        int maxPayloadBytes,
        Heartbeats heartbeat,
        int deviceTtlDays,
        List<String> openTopics) {

    private static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    public Product {
        apiSecretHashes = List.copyOf(apiSecretHashes);
        clientSecrets = List.copyOf(clientSecrets);
        clientPublicKeys = List.copyOf(clientPublicKeys);
        openTopics = List.copyOf(openTopics);
        ProductProblems problems = new ProductProblems();
        problems.id("product", id);
        problems.present("durability", durability);
        problems.hashes("api_secret_hashes", apiSecretHashes);
        problems.clientSecrets("client_secrets", clientSecrets);
        problems.publicKeys("client_public_keys", clientPublicKeys);
        problems.range("window", window, 1, 1024);
        problems.range("inbox_limit", inboxLimit, 1, 1_000_000);
        problems.range("max_payload_bytes", maxPayloadBytes, 1, 64 * 1024);
        problems.heartbeats("heartbeat", heartbeat);
        problems.range("device_ttl_days", deviceTtlDays, 1, 3650);
        problems.patterns("open_topics", openTopics);
        problems.finish();
    }

    /** A product with the usual limits and no secrets yet. */
    public static Product create(String id, Durability durability) {
        return new Product(
                id, durability, List.of(), List.of(), List.of(), 64, 10_000, 4096, Heartbeats.DEFAULT, 90, List.of());
    }

    /** Accepts these too; tokens are signed with this client secret from now on. */
    public Product withSecrets(ProductSecrets secrets) {
        return new Product(
                id,
                durability,
                added(sha256(secrets.apiSecret()), apiSecretHashes),
                added(secrets.clientSecret(), clientSecrets),
                clientPublicKeys,
                window,
                inboxLimit,
                maxPayloadBytes,
                heartbeat,
                deviceTtlDays,
                openTopics);
    }

    public Product withHeartbeat(Heartbeats newHeartbeat) {
        return new Product(
                id,
                durability,
                apiSecretHashes,
                clientSecrets,
                clientPublicKeys,
                window,
                inboxLimit,
                maxPayloadBytes,
                newHeartbeat,
                deviceTtlDays,
                openTopics);
    }

    public Product withOpenTopics(List<String> patterns) {
        return new Product(
                id,
                durability,
                apiSecretHashes,
                clientSecrets,
                clientPublicKeys,
                window,
                inboxLimit,
                maxPayloadBytes,
                heartbeat,
                deviceTtlDays,
                patterns);
    }

    /** Whether a back end may call the API with this secret. Takes the same time for every wrong one. */
    public boolean acceptsApiSecret(String secret) {
        byte[] given = sha256(secret).getBytes(StandardCharsets.US_ASCII);
        boolean accepted = false;
        for (String hash : apiSecretHashes) {
            accepted |= MessageDigest.isEqual(given, hash.getBytes(StandardCharsets.US_ASCII));
        }
        return accepted;
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
            return JSON.treeToValue(values, Product.class);
        } catch (ValueInstantiationException e) {
            if (e.getCause() instanceof LonglineException invalid) {
                throw invalid;
            }
            throw unreadable(e);
        } catch (IOException e) {
            throw unreadable(e);
        }
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

    private static List<String> added(String first, List<String> others) {
        return Stream.concat(Stream.of(first), others.stream()).distinct().toList();
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
