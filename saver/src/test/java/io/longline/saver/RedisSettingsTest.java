package io.longline.saver;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class RedisSettingsTest {

    @Test
    void aRedisThatPersistsAndEvictsNothingIsAsItShouldBe() {
        for (String fsync : new String[] {"everysec", "always", ""}) {
            RedisSettings settings = new RedisSettings("noeviction", true, fsync);
            assertThat(settings.problem()).isEmpty();
            assertThat(settings.warnings()).isEmpty();
        }
    }

    @Test
    void oneThatMayEvictIsAProblemThatSaysWhatToSet() {
        assertThat(new RedisSettings("volatile-ttl", true, "everysec").problem().orElseThrow())
                .contains("volatile-ttl", "CONFIG SET maxmemory-policy noeviction");
    }

    @Test
    void oneThatPersistsLessIsAWarning() {
        assertThat(new RedisSettings("noeviction", false, "no").warnings())
                .singleElement()
                .asString()
                .contains("appendonly no");
        assertThat(new RedisSettings("noeviction", true, "no").warnings())
                .singleElement()
                .asString()
                .contains("appendfsync no");
    }
}
