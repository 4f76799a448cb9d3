package io.longline.room.transport.door;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.longline.keeper.net.Networks;
import io.longline.room.RoomMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DoorTest {
    private static final Networks NONE = new Networks(List.of());
    private static final InetAddress US = InetAddress.ofLiteral("192.0.2.1");

    private final MeterRegistry registry = new SimpleMeterRegistry();
    private final RoomMetrics metrics = new RoomMetrics(registry);

    private Door door(int connections, int perAddress, int files) {
        return new Door(new DoorConfig(connections, perAddress, 0, NONE, NONE), files, metrics);
    }

    @Test
    void noMoreConnectionsAreTakenThanFilesAllow() {
        assertThat(door(0, 0, 500).limit()).isEqualTo(500);
        assertThat(door(400, 0, 500).limit()).isEqualTo(400);
        assertThat(door(600, 0, 500).limit()).isEqualTo(500);
    }

    @Test
    void countsComeBackWhenSocketsLeaveInWhateverOrder() {
        Door door = door(100, 2, 500);
        Pass first = requireNonNull(door.admit(US));
        Pass second = requireNonNull(door.admit(US));
        assertThat(door.admit(US)).isNull();
        assertThat(door.sockets()).isEqualTo(2);

        door.left(first);
        door.left(second);

        assertThat(door.sockets()).isZero();
        assertThat(registry.get("longline.room.connections.addresses").gauge().value())
                .isZero();
        assertThat(door.admit(US)).isNotNull();
    }

    @Test
    void whoWasNotCountedWhenItCameIsNotCountedWhenItGoes() {
        Door door = door(100, 0, 500);
        Pass before = requireNonNull(door.admit(US));
        door.change(new DoorConfig(100, 1, 0, NONE, NONE));
        Pass after = requireNonNull(door.admit(US));

        door.left(before);

        assertThat(door.admit(US)).isNull();
        door.left(after);
        assertThat(door.admit(US)).isNotNull();
    }

    @Test
    void severalThreadsNeverLetInMoreThanMayBe() throws Exception {
        Door door = door(1_000, 10, 5_000);
        AtomicInteger in = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch done = new CountDownLatch(4);
        IntStream.range(0, 4)
                .forEach(_ -> Thread.ofPlatform().start(() -> {
                    for (int i = 0; i < 20_000; i++) {
                        Pass pass = door.admit(US);
                        if (pass != null) {
                            most.accumulateAndGet(in.incrementAndGet(), Math::max);
                            in.decrementAndGet();
                            door.left(pass);
                        }
                    }
                    done.countDown();
                }));
        done.await();

        assertThat(most.get()).isBetween(1, 10);
        assertThat(door.sockets()).isZero();
    }

    @Test
    void anAddressGetsItsRateAndASecondsWorthAtOnce() {
        ConnectRate rate = new ConnectRate();
        long second = 1_000_000_000L;

        assertThat(IntStream.range(0, 20).filter(_ -> rate.takes(7, 10, 0)).count())
                .isEqualTo(10);
        assertThat(rate.takes(8, 10, 0)).isTrue();
        assertThat(rate.takes(7, 10, second / 20)).isFalse();
        assertThat(rate.takes(7, 10, second / 10)).isTrue();
        assertThat(rate.takes(7, 10, second / 10)).isFalse();
        long taken = IntStream.range(0, 10_000)
                .filter(ms -> rate.takes(7, 10, 2 * second + ms * 1_000_000L))
                .count();
        assertThat(taken).isBetween(105L, 110L);
    }
}
