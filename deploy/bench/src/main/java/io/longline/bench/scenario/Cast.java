package io.longline.bench.scenario;

import io.longline.bench.crowd.CrowdCounts;
import io.longline.bench.crowd.Crowds;
import io.longline.bench.crowd.Stamp;
import io.longline.bench.report.Result;
import io.longline.bench.rig.BroadcastClient;
import io.longline.bench.rig.Rig;
import io.longline.deploy.check.client.Tenant;
import java.time.Duration;

/** A back end that broadcasts to a crowd, one broadcast after the other; each is a run of topics. For one thread. */
final class Cast implements AutoCloseable {
    static final int PAYLOAD_BYTES = 256;

    private static final Duration ARRIVE_WITHIN = Duration.ofSeconds(60);
    private static final Duration DONE_WITHIN = Duration.ofSeconds(60);

    private final BroadcastClient client;
    private final Crowds crowd;
    private int run;
    private String job = "";

    Cast(Rig rig, Tenant tenant, Crowds crowd) {
        this.client = new BroadcastClient(rig.center(), tenant);
        this.crowd = crowd;
    }

    /**
     * Returns when it is taken.
     *
     * @param perSecond people; 0: as fast as the rooms can
     */
    void begin(int perSecond) {
        run++;
        job = client.begin(new Stamp(run, 0, System.nanoTime()).text(PAYLOAD_BYTES), perSecond);
    }

    /** Until everybody has it, and it is done. */
    void await() {
        boolean _ = Pause.until(() -> missing() == 0, ARRIVE_WITHIN);
        var _ = client.awaitDone(job, DONE_WITHIN);
    }

    /** One that is awaited. */
    void send(int perSecond) {
        begin(perSecond);
        await();
    }

    long missing() {
        return crowd.missingOfTopics(run, 1);
    }

    /** Of the latest: nothing may be lost or doubled. */
    void check(Result result, String where, CrowdCounts counts) {
        Loss.check(result, where, counts, missing());
    }

    @Override
    public void close() {
        client.close();
    }
}
