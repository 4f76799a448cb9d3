package io.longline.stores.junit;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestPlan;

/**
 * How long Awaitility waits where a test does not say: on a machine with much else to do, its own 10 s are too short for what takes
 * two or three. JUnit finds this by itself wherever the stores are on the class path.
 */
public final class Patience implements TestExecutionListener {
    private static final Duration DEFAULT = Duration.ofSeconds(30);

    @Override
    public void testPlanExecutionStarted(TestPlan plan) {
        try {
            Awaitility.setDefaultTimeout(DEFAULT);
        } catch (NoClassDefFoundError e) {
            // The tests of this module do not use it.
        }
    }
}
