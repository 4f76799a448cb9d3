package io.longline.keeper.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class RedisScriptTest {

    @Test
    void isReadBesideItsClass() {
        RedisScript script = RedisScript.of(RedisScriptTest.class, "marked_set.lua");

        assertThat(new String(script.text(), UTF_8)).contains("redis.call('SET', KEYS[2], ARGV[2])");
        assertThat(script.sha1()).matches("[0-9a-f]{40}");
        assertThat(script.checksMark()).isTrue();
        assertThat(script).hasToString("marked_set.lua");
    }

    @Test
    void whatAScriptIncludesStandsInItsPlace() {
        RedisScript script = RedisScript.of(RedisScriptTest.class, "including.lua");

        assertThat(new String(script.text(), UTF_8))
                .contains("redis.call('SET', KEYS[2], ARGV[2])")
                .contains("return 'after it'")
                .doesNotContain("-- include");
        assertThat(script.checksMark()).isTrue();
    }

    @Test
    void whatIsIncludedMayIncludeMore() {
        RedisScript script = RedisScript.of(RedisScriptTest.class, "including_more.lua");

        assertThat(new String(script.text(), UTF_8))
                .contains("redis.call('SET', KEYS[2], ARGV[2])")
                .contains("return 'after it'")
                .contains("return 'after all'")
                .doesNotContain("-- include");
    }

    @Test
    void aScriptThatIsNotThereIsToldByName() {
        assertThatThrownBy(() -> RedisScript.of(RedisScriptTest.class, "absent.lua"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("absent.lua")
                .hasMessageContaining("RedisScriptTest");
    }
}
