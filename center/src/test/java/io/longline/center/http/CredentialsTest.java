package io.longline.center.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CredentialsTest {

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void basicAndBearerSayTheSame() {
        Credentials expected = new Credentials("shop", "se:cret");

        assertThat(Credentials.parse("Basic " + base64("shop:se:cret"))).contains(expected);
        assertThat(Credentials.parse("basic  " + base64("shop:se:cret"))).contains(expected);
        assertThat(Credentials.parse("Bearer shop:se:cret")).contains(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "Basic", "Basic ", "Basic !!!", "Bearer shop", "Digest a:b", "shop:secret", "Basic c2hvcA=="
            })
    void whatIsNeitherGivesNone(String header) {
        assertThat(Credentials.parse(header)).isEmpty();
    }

    @Test
    void theSecretIsNotShown() {
        assertThat(new Credentials("shop", "hidden")).asString().doesNotContain("hidden");
    }
}
