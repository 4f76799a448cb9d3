package io.longline.deploy.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.deploy.check.history.EndpointId;
import io.longline.deploy.check.history.Event.Session;
import io.longline.deploy.check.history.JobState;
import io.longline.deploy.check.history.Sending;
import java.time.Duration;
import org.assertj.core.api.ListAssert;
import org.junit.jupiter.api.Test;

/** What is sent by a job: no answer says to which devices. */
final class JobTest {
    private static final JobState RUNNING = new JobState("running", 1, 0, 0);
    private static final JobState DONE = new JobState("done", 1, 1, 0);

    private final Tale tale = new Tale();
    private final Session session = tale.bound(1);
    private final Sending send = tale.job();

    private ListAssert<String> verdict() {
        return assertThat(tale.verdict());
    }

    private void assertBroken(String what) {
        verdict().singleElement().asString().contains(what);
    }

    @Test
    void itArrivesAtSomeTime() {
        tale.jobIs(send, RUNNING).passes(Duration.ofSeconds(9)).arrives(session, send, 10);
        tale.jobIs(send, DONE);
        assertThat(tale.untold()).isEmpty();
        verdict().isEmpty();
    }

    @Test
    void itIsAskedForUntilItIsDone() {
        tale.jobIs(send, RUNNING);
        assertThat(tale.untold()).hasSize(1);
        assertBroken("1: is due, and was not sent");
    }

    @Test
    void whenItIsDoneEveryDeviceThatWasKnownAllTheTimeIsOwedIt() {
        tale.jobIs(send, DONE);
        assertBroken("1: lost: it never arrived");
    }

    @Test
    void aDeviceThatCameMeanwhileMayGetItOrNot() {
        EndpointId web = new EndpointId("shop", "u", "web");
        Session other = tale.bound(web, 2, 0);
        tale.bound(new EndpointId("shop", "u", "pad"), 3, 0);
        tale.arrives(session, send, 10).arrives(other, send, 11).jobIs(send, DONE);
        verdict().isEmpty();
    }

    @Test
    void nobodyIsLeftOut() {
        tale.jobIs(send, new JobState("done", 1, 0, 1)).arrives(session, send, 10);
        assertBroken("1: its job left targets out");
    }

    @Test
    void itIsNotCancelledUnasked() {
        tale.jobIs(send, new JobState("cancelled", 1, 0, 0));
        assertThat(tale.verdict()).contains("9: its job was cancelled, and nobody asked for it");
    }

    @Test
    void whatIsRecalledIsOwedToNobody() {
        tale.recalls(send).jobIs(send, new JobState("cancelled", 1, 0, 0));
        verdict().isEmpty();
    }
}
