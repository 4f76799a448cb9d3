package io.longline.room.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.longline.room.RoomClocks;
import io.longline.stores.junit.ZooKeeperExtension;
import io.longline.v1.ServerFrame.KindCase;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What centers told all rooms of before they knew this one. */
@Timeout(60)
class AnnouncedIT {
    @RegisterExtension
    static final ZooKeeperExtension ZOOKEEPER = new ZooKeeperExtension();

    private static final Duration QUIET = Duration.ofMillis(1_500); // in which the room looks whether it is known

    private final AtomicLong nanos = new AtomicLong(1);

    @Test
    void whatWasPublishedBeforeTheRoomWasKnownIsReadOnceItIs() throws Exception {
        RoomClocks clocks = new RoomClocks(System::currentTimeMillis, nanos::get);
        try (RoomWorld world = new RoomWorld(ZOOKEEPER.store(), Map.of(), clocks);
                NativeClient client = world.connect()) {
            client.hello(world.bind(1, "a1")).welcomed();
            client.expect(KindCase.CAUGHT_UP);
            client.subscribe(1, "open-a1").expect(KindCase.SUBSCRIBED);
            await().until(() -> world.metric("longline_room_topic_reads_depth") == 0);
            long offset =
                    world.topics.publish("demo", "open-a1", world.message()).offset();
            client.expectNothing(QUIET);

            nanos.addAndGet(Duration.ofMillis(3_100).toNanos());

            assertThat(client.expect(KindCase.PUSH).getPush().getOffset()).isEqualTo(offset);
            world.topics.publish("demo", "open-a1", world.message());
            client.expectNothing(QUIET); // once, not each second
        }
    }
}
