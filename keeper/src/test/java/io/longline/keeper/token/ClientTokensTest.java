package io.longline.keeper.token;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.product.BroadcastLimits;
import io.longline.keeper.product.Callbacks;
import io.longline.keeper.product.Durability;
import io.longline.keeper.product.Heartbeats;
import io.longline.keeper.product.LogLimits;
import io.longline.keeper.product.MergeWindows;
import io.longline.keeper.product.PresenceRules;
import io.longline.keeper.product.Product;
import io.longline.keeper.product.ProductSecrets;
import io.longline.keeper.product.SecondDevice;
import io.longline.keeper.product.SendLimits;
import io.longline.keeper.product.UplinkLimits;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ClientTokensTest {

    private static final String SECRET = "demo-client-secret-for-local-use-only";
    private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);
    private static final TokenRequest ALICE =
            new TokenRequest("alice", "phone", List.of("news", "room-*"), Duration.ofHours(1));

    private static final KeyPair KEYS = keys("secp256r1");
    private static final String PEM = pem(KEYS);

    private static final Product DEMO =
            Product.create("demo", Durability.REDIS).withSecrets(new ProductSecrets("demo-secret", SECRET));
    private static final Product SIGNING = withKeys(List.of(SECRET), List.of(PEM));

    @Test
    void whatWasIssuedIsValid() {
        String token = ClientTokens.issue(DEMO, ALICE, NOW);

        assertThat(ClientTokens.check(DEMO, token, NOW))
                .isEqualTo(new TokenCheck.Valid(
                        "alice",
                        "phone",
                        List.of("news", "room-*"),
                        NOW.plusSeconds(3600).toEpochMilli()));
    }

    @Test
    void deviceAndTopicsMayBeLeftOut() {
        String token = ClientTokens.issue(DEMO, new TokenRequest("bob", null, List.of(), Duration.ofHours(1)), NOW);

        assertThat(ClientTokens.check(DEMO, token, NOW))
                .isEqualTo(new TokenCheck.Valid(
                        "bob", null, List.of(), NOW.plusSeconds(3600).toEpochMilli()));
    }

    @Test
    void aTokenSignedWithThePrivateKeyIsValid() throws JOSEException {
        String token = signed(JWSAlgorithm.ES256, new ECDSASigner((ECPrivateKey) KEYS.getPrivate()), claims());

        assertThat(ClientTokens.check(SIGNING, token, NOW)).isInstanceOf(TokenCheck.Valid.class);
        assertThat(reason(DEMO, token)).isEqualTo("token is not signed by the product");
    }

    @Test
    void anySecretOfTheProductCountsWhileItIsChanged() {
        String old = ClientTokens.issue(DEMO, ALICE, NOW);
        Product rotated = DEMO.withSecrets(new ProductSecrets("x", "another client secret of 32 bytes or more"));

        assertThat(ClientTokens.check(rotated, old, NOW)).isInstanceOf(TokenCheck.Valid.class);
        assertThat(reason(DEMO, ClientTokens.issue(rotated, ALICE, NOW)))
                .isEqualTo("token is not signed by the product");
    }

    @Test
    void aTokenOfAnotherProductIsRefusedEvenWithTheSameSecret() {
        Product other = Product.create("other", Durability.REDIS).withSecrets(new ProductSecrets("x", SECRET));

        assertThat(reason(DEMO, ClientTokens.issue(other, ALICE, NOW))).isEqualTo("token is of another product");
    }

    @Test
    void aTokenExpiresThirtySecondsAfterItsExp() {
        String token = ClientTokens.issue(DEMO, ALICE, NOW);
        Instant end = NOW.plusSeconds(3600);

        assertThat(ClientTokens.check(DEMO, token, end.plusSeconds(29))).isInstanceOf(TokenCheck.Valid.class);
        assertThat(reason(DEMO, token, end.plusSeconds(30))).isEqualTo("token has expired");
    }

    @Test
    void aTokenIsGoodFromThirtySecondsBeforeItsNbf() throws JOSEException {
        String token = hs256(claims().notBeforeTime(Date.from(NOW.plusSeconds(31))));

        assertThat(reason(DEMO, token)).isEqualTo("token is not valid yet");
        assertThat(ClientTokens.check(DEMO, token, NOW.plusSeconds(1))).isInstanceOf(TokenCheck.Valid.class);
    }

    @Test
    void algNoneIsRefused() {
        String payload = "{\"iss\":\"demo\",\"sub\":\"alice\",\"exp\":9999999999}";
        for (String alg : List.of("none", "None", "NONE", "")) {
            for (String signature : List.of("", "AAAA")) {
                String token = base64("{\"alg\":\"" + alg + "\"}") + "." + base64(payload) + "." + signature;
                assertThat(ClientTokens.check(SIGNING, token, NOW)).isInstanceOf(TokenCheck.Invalid.class);
            }
        }
    }

    @Test
    void aPublicKeyIsNoHmacSecret() throws JOSEException {
        for (byte[] known : List.of(
                PEM.getBytes(UTF_8), KEYS.getPublic().getEncoded(), PEM.strip().getBytes(UTF_8))) {
            String token = signed(JWSAlgorithm.HS256, new MACSigner(known), claims());

            assertThat(reason(SIGNING, token)).isEqualTo("token is not signed by the product");
            assertThat(reason(withKeys(List.of(), List.of(PEM)), token))
                    .isEqualTo("token is not signed by the product");
        }
    }

    @Test
    void otherAlgorithmsAreRefusedEvenWithTheRightSecret() throws JOSEException {
        byte[] secret = SECRET.repeat(2).getBytes(UTF_8);
        Product product = withKeys(List.of(SECRET.repeat(2)), List.of());

        assertThat(reason(product, signed(JWSAlgorithm.HS512, new MACSigner(secret), claims())))
                .isEqualTo("token is not signed by the product");
    }

    @Test
    void aTokenThatWasChangedIsRefused() {
        String[] parts = ClientTokens.issue(DEMO, ALICE, NOW).split("\\.", -1);
        String changed = base64("{\"iss\":\"demo\",\"sub\":\"mallory\",\"exp\":9999999999}");

        assertThat(reason(DEMO, parts[0] + "." + changed + "." + parts[2]))
                .isEqualTo("token is not signed by the product");
        assertThat(reason(DEMO, parts[0] + "." + parts[1] + ".")).isNotEmpty();
    }

    @Test
    void claimsThatAreMissingOrWrongAreRefused() throws JOSEException {
        assertThat(reason(DEMO, hs256(claims().expirationTime(null)))).isEqualTo("token has no exp");
        assertThat(reason(DEMO, hs256(claims().subject(null)))).isEqualTo("token has no valid sub");
        assertThat(reason(DEMO, hs256(claims().subject("a/b")))).isEqualTo("token has no valid sub");
        assertThat(reason(DEMO, hs256(claims().issuer(null)))).isEqualTo("token is of another product");
        assertThat(reason(DEMO, hs256(claims().claim("dev", "a b")))).isEqualTo("token has no valid dev");
        assertThat(reason(DEMO, hs256(claims().claim("dev", 7)))).isEqualTo("token does not parse");
        assertThat(reason(DEMO, hs256(claims().claim("topics", List.of(1, 2))))).isEqualTo("token does not parse");
        assertThat(reason(DEMO, hs256(claims().claim("topics", Map.of("a", 1)))))
                .isEqualTo("token does not parse");
        assertThat(reason(DEMO, hs256(claims().claim("topics", java.util.Collections.nCopies(101, "a")))))
                .isEqualTo("token has too many topics");
    }

    @Test
    void aHeaderThatDemandsMoreThanWeKnowIsRefused() throws JOSEException {
        JWSHeader critical = new JWSHeader.Builder(JWSAlgorithm.HS256)
                .criticalParams(java.util.Set.of("x-ours"))
                .customParam("x-ours", true)
                .build();
        JWSHeader otherType = new JWSHeader.Builder(JWSAlgorithm.HS256)
                .type(new JOSEObjectType("at+jwt"))
                .build();

        assertThat(reason(DEMO, signed(critical, new MACSigner(SECRET), claims())))
                .isNotEmpty();
        assertThat(reason(DEMO, signed(otherType, new MACSigner(SECRET), claims())))
                .isNotEmpty();
    }

    @Test
    void aTokenOverEightKibibytesIsRefusedUnread() throws JOSEException {
        String token = hs256(claims().claim("padding", "x".repeat(8 * 1024)));

        assertThat(reason(DEMO, token)).isEqualTo("token is too long");
    }

    @Test
    void whateverIsSentTheCheckAnswers() {
        for (String token : List.of(
                "",
                ".",
                "..",
                "...",
                "....",
                "a.b.c",
                "\u0000",
                "\ud800.\udc00.x",
                base64("{}") + "." + base64("{}") + ".",
                base64("{\"alg\":\"HS256\"}") + "..",
                base64("[".repeat(5000)) + ".e30.x",
                base64("{\"alg\":{}}") + ".e30.x",
                base64("{\"alg\":\"HS256\"}") + "." + base64("{\"a\":".repeat(900)) + ".x")) {
            assertThat(ClientTokens.check(SIGNING, token, NOW)).as(token).isInstanceOf(TokenCheck.Invalid.class);
        }
    }

    @Test
    void aTokenWithAnyOneCharacterChangedNeverBecomesAnother() {
        String token = ClientTokens.issue(DEMO, ALICE, NOW);
        TokenCheck valid = ClientTokens.check(DEMO, token, NOW);
        Random random = new Random(7);
        for (int i = 0; i < 2_000; i++) {
            StringBuilder changed = new StringBuilder(token);
            changed.setCharAt(random.nextInt(token.length()), (char) random.nextInt(33, 300));
            // The last character of base64 has bits that say nothing, so the same token may have two spellings.
            assertThat(ClientTokens.check(DEMO, changed.toString(), NOW))
                    .satisfiesAnyOf(
                            check -> assertThat(check).isInstanceOf(TokenCheck.Invalid.class),
                            check -> assertThat(check).isEqualTo(valid));
        }
    }

    @Test
    void issuingChecksWhatItIsAsked() {
        Product none = Product.create("demo", Durability.REDIS);

        assertThatThrownBy(() -> ClientTokens.issue(none, ALICE, NOW)).isInstanceOf(LonglineException.class);
        assertThatThrownBy(() ->
                        ClientTokens.issue(DEMO, new TokenRequest("a/b", null, List.of(), Duration.ofHours(1)), NOW))
                .isInstanceOf(LonglineException.class)
                .hasMessageContaining("user");
        assertThatThrownBy(
                        () -> ClientTokens.issue(DEMO, new TokenRequest("a", "", List.of(), Duration.ofHours(1)), NOW))
                .isInstanceOf(LonglineException.class)
                .hasMessageContaining("device");
        assertThatThrownBy(() -> ClientTokens.issue(DEMO, new TokenRequest("a", null, List.of(), Duration.ZERO), NOW))
                .isInstanceOf(LonglineException.class)
                .hasMessageContaining("ttl_s");
    }

    @Test
    void aKeyOnAnotherCurveIsNoKeyOfAProduct() {
        assertThatThrownBy(() -> withKeys(List.of(), List.of(pem(keys("secp384r1")))))
                .isInstanceOf(LonglineException.class)
                .hasMessageContaining("P-256");
    }

    private static String reason(Product product, String token) {
        return reason(product, token, NOW);
    }

    private static String reason(Product product, String token, Instant now) {
        return switch (ClientTokens.check(product, token, now)) {
            case TokenCheck.Invalid invalid -> invalid.reason();
            case TokenCheck.Valid valid -> throw new AssertionError("valid: " + valid);
        };
    }

    private static JWTClaimsSet.Builder claims() {
        return new JWTClaimsSet.Builder()
                .issuer("demo")
                .subject("alice")
                .expirationTime(Date.from(NOW.plusSeconds(3600)));
    }

    private static String hs256(JWTClaimsSet.Builder claims) throws JOSEException {
        return signed(JWSAlgorithm.HS256, new MACSigner(SECRET), claims);
    }

    private static String signed(JWSAlgorithm algorithm, JWSSigner signer, JWTClaimsSet.Builder claims)
            throws JOSEException {
        return signed(new JWSHeader(algorithm), signer, claims);
    }

    private static String signed(JWSHeader header, JWSSigner signer, JWTClaimsSet.Builder claims) throws JOSEException {
        SignedJWT jwt = new SignedJWT(header, claims.build());
        jwt.sign(signer);
        return jwt.serialize();
    }

    private static Product withKeys(List<String> secrets, List<String> keys) {
        return new Product(
                "demo",
                Durability.REDIS,
                List.of(),
                secrets,
                keys,
                64,
                100,
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

    private static KeyPair keys(String curve) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(curve));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String pem(KeyPair pair) {
        return "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'})
                        .encodeToString(pair.getPublic().getEncoded())
                + "\n-----END PUBLIC KEY-----\n";
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(UTF_8));
    }
}
