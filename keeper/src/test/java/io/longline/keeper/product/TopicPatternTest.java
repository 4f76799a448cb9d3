package io.longline.keeper.product;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopicPatternTest {

    @ParameterizedTest
    @CsvSource({
        "news, news, true",
        "news, newsletter, false",
        "news, new, false",
        "news*, news, true",
        "news*, newsletter, true",
        "*, anything, true",
        "**, anything, true",
        "*.goals, sport.tennis.goals, true",
        "*.goals, sport.goals.late, false",
        "a*b*c, abc, true",
        "a*b*c, a-b-b-c, true",
        "a*b*c, a-c-b, false",
        "a*, ba, false",
        "user-7-*, user-71-x, false",
        "'', news, false"
    })
    void aStarStandsForAnyCharactersAndAllElseForItself(String pattern, String topic, boolean matches) {
        assertThat(TopicPattern.matches(pattern, topic)).isEqualTo(matches);
    }
}
