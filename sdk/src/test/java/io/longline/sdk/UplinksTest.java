package io.longline.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What two threads and two links can do to each other. */
@Timeout(30)
class UplinksTest {
    private final Uplinks uplinks = new Uplinks(1);
    private final List<String> written = new ArrayList<>();
    private final Uplinks.Writer writer = frame -> written.add(frame.getUplink().getId());

    @Test
    void aLateWordOnALinkThatIsGoneKeepsNothingFromTheNextOne() throws IOException {
        Object gone = new Object();
        Object present = new Object();
        var sent = uplinks.send("a", "order", "text");
        uplinks.linkLost();

        assertThatThrownBy(() -> uplinks.say(0, gone, frame -> {
                    throw new IOException("closed");
                }))
                .isInstanceOf(IOException.class);

        assertThat(uplinks.sayAtMs(present)).isLessThanOrEqualTo(0);
        uplinks.say(0, present, writer);
        assertThat(written).containsExactly("a");
        assertThat(uplinks.sayAtMs(present)).isEqualTo(Long.MAX_VALUE);
        uplinks.say(0, present, writer);
        assertThat(written).containsExactly("a");
        assertThat(sent).isNotDone();
    }

    @Test
    void theTimeForWhatIsDueIsOneThatCanBeReckonedWith() {
        var sent = uplinks.send("a", "order", "text");

        long nowMs = 1_700_000_000_000L;
        assertThat(uplinks.sayAtMs(this) - nowMs).isNotPositive();
        assertThat(sent).isNotDone();
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    @Test
    void aLinkThatTakesNothingDoesNotHoldUpTheApp() throws Exception {
        CountDownLatch writes = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicReference<Exception> problem = new AtomicReference<>();
        var first = uplinks.send("a", "order", "text");
        Thread link = new Thread(() -> {
            try {
                uplinks.say(0, this, frame -> {
                    writes.countDown();
                    await(goOn);
                });
            } catch (Exception e) {
                problem.set(e);
            }
        });
        link.start();
        writes.await();

        var second = uplinks.send("b", "order", "text"); // would not return

        goOn.countDown();
        link.join();
        assertThat(problem.get()).isNull();
        assertThat(first).isNotDone();
        assertThat(second).isNotDone();
    }
}
