package io.longline.keeper.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.MACVerifier;
import io.longline.keeper.product.ClientPublicKey;
import java.nio.charset.StandardCharsets;
import java.security.interfaces.ECPublicKey;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Verifiers by the text of their key, so that a check does not parse it anew. A verifier is a pure function of that text:
 * hence one cache for all servers of a process, and a changed product needs no word to it. Thrown away when full.
 */
final class VerifierCache {

    private static final int LIMIT = 10_000;
    private static final Map<Key, Optional<JWSVerifier>> VERIFIERS = new ConcurrentHashMap<>();

    private VerifierCache() {}

    /** Empty for a key that cannot be used. */
    static Optional<JWSVerifier> verifier(JWSAlgorithm algorithm, String key) {
        if (VERIFIERS.size() >= LIMIT) {
            VERIFIERS.clear();
        }
        return VERIFIERS.computeIfAbsent(new Key(algorithm, key), VerifierCache::made);
    }

    private static Optional<JWSVerifier> made(Key key) {
        try {
            if (JWSAlgorithm.HS256.equals(key.algorithm)) {
                return Optional.of(new MACVerifier(key.text.getBytes(StandardCharsets.UTF_8)));
            }
            Optional<ECPublicKey> parsed = ClientPublicKey.parse(key.text);
            return parsed.isPresent() ? Optional.of(new ECDSAVerifier(parsed.get())) : Optional.empty();
        } catch (JOSEException e) {
            return Optional.empty();
        }
    }

    private record Key(JWSAlgorithm algorithm, String text) {}
}
