package io.longline.keeper.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpRoutesTest {
    private final HttpRoutes routes = new HttpRoutes()
            .post("/v1/messages:send", request -> HttpResponse.text(200, "send"))
            .get("/v1/messages/{id}", request -> HttpResponse.text(200, "look"))
            .delete("/v1/messages/{id}", request -> HttpResponse.text(200, "recall"))
            .get("/v1/users/{user}", request -> HttpResponse.text(200, "user"))
            .get("/v1/users/all", request -> HttpResponse.text(200, "all"))
            .post("/v1/users/{user}:kick", request -> HttpResponse.text(200, "kick"))
            .delete("/v1/users/{user}/devices/{device}", request -> HttpResponse.text(200, "forget"));

    @Test
    void wordsNamesAndVerbsAreToldApart() {
        assertThat(routes.match("POST", "/v1/messages:send").template()).isEqualTo("/v1/messages:send");
        assertThat(routes.match("GET", "/v1/messages/m-1").template()).isEqualTo("/v1/messages/{id}");
        assertThat(routes.match("POST", "/v1/users/u1:kick").template()).isEqualTo("/v1/users/{user}:kick");
        assertThat(routes.match("POST", "/v1/users/u1:kick").params()).isEqualTo(Map.of("user", "u1"));
        assertThat(routes.match("DELETE", "/v1/users/u1/devices/phone").params())
                .isEqualTo(Map.of("user", "u1", "device", "phone"));
    }

    @Test
    void wordsGoBeforeNames() {
        assertThat(routes.match("GET", "/v1/users/all").template()).isEqualTo("/v1/users/all");
        assertThat(routes.match("GET", "/v1/users/alls").template()).isEqualTo("/v1/users/{user}");
    }

    @Test
    void namesAreDecoded() {
        assertThat(routes.match("GET", "/v1/users/a%3Akick").params()).isEqualTo(Map.of("user", "a:kick"));
        assertThat(routes.match("GET", "/v1/users/a+b%20c%C3%BC").params()).isEqualTo(Map.of("user", "a+b cü"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"%", "%2", "%zz", "%C3"})
    void aBrokenEncodingIsInvalid(String user) {
        assertThatThrownBy(() -> routes.match("GET", "/v1/users/" + user))
                .isInstanceOfSatisfying(LonglineException.class, error -> {
                    assertThat(error.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
                    assertThat(error.details().getFirst().field()).isEqualTo("user");
                });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/", "/v1", "/v1/users/", "/v1/users/u1/", "/v1/users/u1:ban", "//v1/users/u1", "/v1/messages:"})
    void anUnknownPathIsNotFound(String path) {
        assertThatThrownBy(() -> routes.match("GET", path))
                .isInstanceOfSatisfying(
                        LonglineException.class,
                        error -> assertThat(error.code()).isEqualTo(ErrorCode.NOT_FOUND));
    }

    @Test
    void aKnownPathNamesTheMethodsItOffers() {
        assertThatThrownBy(() -> routes.match("PUT", "/v1/messages/m-1"))
                .isInstanceOfSatisfying(LonglineException.class, error -> {
                    assertThat(error.code()).isEqualTo(ErrorCode.METHOD_NOT_ALLOWED);
                    assertThat(error).hasMessageContaining("expected DELETE or GET");
                });
    }

    @Test
    void headFindsWhatAnswersGet() {
        assertThat(routes.match("HEAD", "/v1/messages/m-1").template()).isEqualTo("/v1/messages/{id}");
        assertThat(routes.methods("/v1/messages/m-1")).containsExactly("DELETE", "GET", "HEAD");
        assertThat(routes.methods("/v1/messages:send")).containsExactly("POST");
        assertThatThrownBy(() -> routes.match("HEAD", "/v1/messages:send"))
                .isInstanceOfSatisfying(
                        LonglineException.class,
                        error -> assertThat(error.code()).isEqualTo(ErrorCode.METHOD_NOT_ALLOWED));
    }

    @Test
    void twoHandlersOfTheSameAreAMistakeOfTheProgram() {
        assertThatThrownBy(() -> routes.get("/v1/users/{user}", request -> HttpResponse.text(200, "")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theTemplatesCanBeComparedWithADescription() {
        assertThat(routes.templates()).contains("POST /v1/messages:send", "GET /v1/users/{user}");
    }
}
