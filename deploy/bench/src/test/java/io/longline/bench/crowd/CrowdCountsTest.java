package io.longline.bench.crowd;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.keeper.http.Json;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class CrowdCountsTest {

    @Test
    void whatOneProcessCountedReachesTheOtherWhole() {
        CrowdCounts counts = new CrowdCounts();
        counts.sawMessage(System.nanoTime() - TimeUnit.MILLISECONDS.toNanos(250));
        counts.sawMessage();
        counts.sawTopicMessage(System.nanoTime() - TimeUnit.MILLISECONDS.toNanos(700));
        counts.sawLoaded(System.nanoTime() - TimeUnit.MILLISECONDS.toNanos(900));
        counts.sawFrame();
        counts.sawPong(TimeUnit.MILLISECONDS.toNanos(20));
        counts.sawRead(300);
        counts.sawRepeat();
        counts.sawDouble();
        counts.sawClose();
        counts.sawLogin(TimeUnit.MILLISECONDS.toNanos(30));
        counts.sawReturn(TimeUnit.SECONDS.toNanos(2));

        CrowdCounts sum = new CrowdCounts();
        sum.add(CrowdCounts.of(Json.parse(Json.bytes(counts.json()))));
        sum.add(CrowdCounts.of(Json.parse(Json.bytes(counts.json()))));

        assertThat(sum.messages()).isEqualTo(8);
        assertThat(sum.frames()).isEqualTo(2);
        assertThat(sum.reads()).isEqualTo(2);
        assertThat(sum.bytes()).isEqualTo(600);
        assertThat(sum.repeated()).isEqualTo(2);
        assertThat(sum.doubled()).isEqualTo(2);
        assertThat(sum.closed()).isEqualTo(2);
        assertThat(sum.latencyUs().getTotalCount()).isEqualTo(2);
        assertThat(sum.latencyUs().getMinValue()).isBetween(249_000L, 60_000_000L);
        assertThat(sum.topicUs().getMinValue()).isBetween(699_000L, 60_000_000L);
        assertThat(sum.loadedUs().getMinValue()).isBetween(899_000L, 60_000_000L);
        assertThat(sum.pongUs().getMaxValue()).isBetween(19_900L, 20_100L);
        assertThat(sum.loginUs().getMaxValue()).isBetween(29_900L, 30_100L);
        assertThat(sum.backUs().getMaxValue()).isBetween(1_990_000L, 2_010_000L);
    }
}
