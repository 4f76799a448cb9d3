package io.longline.keeper.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.id.Ids;
import io.longline.keeper.product.Product;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;

/**
 * Client tokens as the contract describes them: a JSON Web Token with {@code iss} product, {@code sub} user, {@code dev}
 * device, {@code topics} and {@code exp}, signed by HS256 or ES256.
 */
public final class ClientTokens {

    /** What clocks may differ by. */
    public static final Duration SKEW = Duration.ofSeconds(30);

    /** Longer ones are refused unread. */
    public static final int MAX_LENGTH = 8 * 1024;

    private static final int MAX_TOPICS = 100;

    private ClientTokens() {}

    /** Signs by HS256 with the product's newest client secret; {@link ErrorCode#INVALID_ARGUMENT} names what is wrong. */
    public static String issue(Product product, TokenRequest request, Instant now) {
        Ids.require("user", request.user());
        if (request.device() != null) {
            Ids.require("device", request.device());
        }
        if (request.ttl().compareTo(Duration.ofSeconds(1)) < 0) {
            throw LonglineException.invalid("ttl_s", "expected 1 or more");
        }
        if (product.clientSecrets().isEmpty()) {
            throw LonglineException.invalid("product", product.id() + " has no client secret to sign with");
        }
        JWTClaimsSet.Builder claims = new JWTClaimsSet.Builder()
                .issuer(product.id())
                .subject(request.user())
                .expirationTime(Date.from(now.plus(request.ttl())));
        if (request.device() != null) {
            claims.claim("dev", request.device());
        }
        if (!request.topics().isEmpty()) {
            claims.claim("topics", request.topics());
        }
        return signed(claims.build(), product.clientSecrets().getFirst());
    }

    /** Never throws, whatever {@code token} is. */
    public static TokenCheck check(Product product, String token, Instant now) {
        if (token.length() > MAX_LENGTH) {
            return new TokenCheck.Invalid("token is too long");
        }
        try {
            SignedJWT jwt = SignedJWT.parse(token);
            if (!trusted(product, jwt)) {
                return new TokenCheck.Invalid("token is not signed by the product");
            }
            return claims(product, jwt.getJWTClaimsSet(), now);
        } catch (ParseException | JOSEException | RuntimeException | StackOverflowError e) {
            // A library that parses what strangers send may fail in ways that nobody foresaw.
            return new TokenCheck.Invalid("token does not parse");
        }
    }

    /** The algorithm decides which keys are asked, so that a public key never serves as an HMAC secret. */
    private static boolean trusted(Product product, SignedJWT jwt) throws JOSEException {
        JWSHeader header = jwt.getHeader();
        if (header.getType() != null && !header.getType().equals(JOSEObjectType.JWT)) {
            return false;
        }
        JWSAlgorithm algorithm = header.getAlgorithm();
        List<String> keys = JWSAlgorithm.HS256.equals(algorithm)
                ? product.clientSecrets()
                : JWSAlgorithm.ES256.equals(algorithm) ? product.clientPublicKeys() : List.of();
        for (String key : keys) {
            Optional<JWSVerifier> verifier = VerifierCache.verifier(algorithm, key);
            if (verifier.isPresent() && jwt.verify(verifier.get())) {
                return true;
            }
        }
        return false;
    }

    private static TokenCheck claims(Product product, JWTClaimsSet claims, Instant now) throws ParseException {
        String user = claims.getSubject();
        String device = claims.getStringClaim("dev");
        Date expires = claims.getExpirationTime();
        Date notBefore = claims.getNotBeforeTime();
        List<String> topics = claims.getStringListClaim("topics");
        if (!product.id().equals(claims.getIssuer())) {
            return new TokenCheck.Invalid("token is of another product");
        }
        if (user == null || Ids.problem(user).isPresent()) {
            return new TokenCheck.Invalid("token has no valid sub");
        }
        if (device != null && Ids.problem(device).isPresent()) {
            return new TokenCheck.Invalid("token has no valid dev");
        }
        if (topics != null && topics.size() > MAX_TOPICS) {
            return new TokenCheck.Invalid("token has too many topics");
        }
        if (expires == null) {
            return new TokenCheck.Invalid("token has no exp");
        }
        if (!now.minus(SKEW).isBefore(expires.toInstant())) {
            return new TokenCheck.Invalid("token has expired");
        }
        if (notBefore != null && now.plus(SKEW).isBefore(notBefore.toInstant())) {
            return new TokenCheck.Invalid("token is not valid yet");
        }
        long expiresAtMs = expires.toInstant().toEpochMilli();
        return new TokenCheck.Valid(user, device, topics == null ? List.of() : List.copyOf(topics), expiresAtMs);
    }

    private static String signed(JWTClaimsSet claims, String secret) {
        try {
            SignedJWT jwt = new SignedJWT(
                    new JWSHeader.Builder(JWSAlgorithm.HS256)
                            .type(JOSEObjectType.JWT)
                            .build(),
                    claims);
            jwt.sign(new MACSigner(secret.getBytes(StandardCharsets.UTF_8)));
            return jwt.serialize();
        } catch (JOSEException e) {
            throw new LonglineException(ErrorCode.INTERNAL, "cannot sign a token: " + e.getMessage(), e);
        }
    }
}
