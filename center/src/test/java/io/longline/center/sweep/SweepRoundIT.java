package io.longline.center.sweep;

import static io.longline.center.kit.CenterKit.endpoint;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.longline.center.CenterMetrics;
import io.longline.center.kit.CenterKit;
import io.longline.center.unicast.RegisterClient;
import io.longline.center.unicast.RoomClient;
import io.longline.center.unicast.SaverClient;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.lease.Lease;
import io.longline.keeper.rpc.Peers;
import io.longline.rpc.v1.Endpoint;
import io.longline.stores.junit.ZooKeeperExtension;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A center that loses its lease in the middle of a round. */
@Timeout(60)
class SweepRoundIT {
    @RegisterExtension
    static final ZooKeeperExtension ZOOKEEPER = new ZooKeeperExtension();

    private static final Endpoint PHONE = endpoint("u1", "phone");

    @SuppressWarnings("NullAway.Init")
    private CenterKit kit;

    @BeforeEach
    void start() {
        kit = new CenterKit(ZOOKEEPER.uri(), Map.of("center.sweep.interval", "1h"));
        kit.register().rebuilding(true);
        kit.api().send("{\"target\":{\"user\":\"u1\",\"device\":\"phone\"},\"payload\":\"x\"}");
        kit.register().connect(PHONE, kit.room(), 11);
        kit.register().rebuilding(false);
    }

    @AfterEach
    void stop() {
        kit.close();
    }

    /** Is lost when it was asked so many times. */
    private static final class ShortLease implements Lease {
        private final AtomicInteger left;

        private ShortLease(int looks) {
            left = new AtomicInteger(looks);
        }

        @Override
        public long fencing() {
            return 1;
        }

        @Override
        public boolean valid() {
            return left.getAndDecrement() > 0;
        }

        @Override
        public void close() {
            left.set(0);
        }
    }

    private void withRound(Consumer<SweepRound> then) {
        CenterMetrics metrics = new CenterMetrics(new SimpleMeterRegistry());
        Peers savers = kit.peers("saver");
        RoomClient room = new RoomClient(kit.peers("room"), 100, metrics);
        SaverClient saver = new SaverClient(savers, "center-1");
        try (RoomHints hints = new RoomHints(room, saver, metrics)) {
            then.accept(new SweepRound(
                    new UnsentClient(savers),
                    new RegisterClient(kit.peers("register")),
                    saver,
                    hints,
                    Duration.ZERO,
                    metrics));
        }
    }

    private void sweep(Lease lease) {
        // A step that takes more than its second is broken off, and the next round does it.
        withRound(round -> await().ignoreException(LonglineException.class).until(() -> {
            round.run(lease);
            return !kit.saver().isUnsent(PHONE) || !lease.valid();
        }));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void nothingIsDoneWithoutIt(int looks) {
        sweep(new ShortLease(looks));

        assertThat(kit.room().handed()).isEmpty();
        assertThat(kit.saver().isUnsent(PHONE)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = 1000)
    void withItTheHintIsMadeGood(int looks) {
        sweep(new ShortLease(looks));

        assertThat(kit.room().handed()).isNotEmpty();
        assertThat(kit.saver().isUnsent(PHONE)).isFalse();
    }

    @Test
    void aRoundInWhichRegisterAnswersForNobodyFailsSoThatAnotherCenterTries() {
        kit.register().fail(LonglineException.dependencyDown("register", "nobody is reached", null));

        withRound(round -> assertThatThrownBy(() -> round.run(new ShortLease(1000)))
                .isInstanceOf(LonglineException.class)
                .hasMessageContaining("nobody is reached"));
    }

    @Test
    void oneInWhichItIsNotKnownYetWhereTheyAreDoesNot() {
        kit.register().rebuilding(true);

        withRound(round -> await().ignoreException(LonglineException.class).until(() -> {
            round.run(new ShortLease(1000));
            return true;
        }));
        assertThat(kit.saver().isUnsent(PHONE)).isTrue();
    }
}
