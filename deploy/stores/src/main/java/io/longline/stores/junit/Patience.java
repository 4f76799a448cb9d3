package io.longline.stores.junit;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestPlan;

/**
 * How long Awaitility waits where a test does not say: on a machine with much else to do, its own 10 s are too short for what takes
 * two or three. And how often it looks: at once, then at growing distances up to its own 100 ms, as most of what is waited for is there
 * within a few. JUnit finds this by itself wherever the stores are on the class path.
 */
public final class Patience implements TestExecutionListener {
    private static final Duration DEFAULT = Duration.ofSeconds(30);
    private static final Duration FIRST_LOOKS = Duration.ofMillis(10);
    private static final int MOST_LOOKS_FURTHER_APART = 10;

    @Override
    public void testPlanExecutionStarted(TestPlan plan) {
        try {
            Awaitility.setDefaultTimeout(DEFAULT);
            Awaitility.setDefaultPollDelay(Duration.ZERO);
            Awaitility.setDefaultPollInterval(
                    (look, _) -> FIRST_LOOKS.multipliedBy(Math.clamp(look, 1, MOST_LOOKS_FURTHER_APART)));
        } catch (NoClassDefFoundError e) {
            // The tests of this module do not use it.
        }
    }
}
