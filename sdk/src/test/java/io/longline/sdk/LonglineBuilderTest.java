package io.longline.sdk;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class LonglineBuilderTest {

    @Test
    void namesEverythingThatIsMissing() {
        assertThatThrownBy(() -> LonglineClient.builder().product("demo").build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("a client needs dispatcher, user, token, listener");
    }

    @Test
    void refusesADispatcherThatIsNoHttpAddress() {
        assertThatThrownBy(() -> LonglineClient.builder().dispatcher("file:///etc/passwd"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("dispatcher is \"file:///etc/passwd\", expected http://HOST:PORT");
    }

    @Test
    void aClientIsStartedOnceAndNotAfterItsEnd() {
        LonglineClient client = LonglineClient.builder()
                .dispatcher("http://127.0.0.1:1")
                .product("demo")
                .user("u1")
                .token(() -> "t")
                .listener(message -> {})
                .build();
        client.close();
        assertThatThrownBy(client::start).isInstanceOf(IllegalStateException.class);
    }
}
