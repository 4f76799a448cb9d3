package io.longline.bench.scenario;

import io.longline.bench.crowd.CrowdCounts;
import io.longline.bench.crowd.Crowds;
import io.longline.bench.crowd.Wire;
import io.longline.bench.report.Result;
import io.longline.bench.rig.BackEnd;
import io.longline.bench.rig.BackEnd.Sent;
import io.longline.bench.rig.Rig;
import io.longline.deploy.check.client.Tenant;
import java.time.Duration;

/** Clients that acknowledge what they get, and a back end that pushes to them in turn. */
final class Served implements AutoCloseable {
    static final int PAYLOAD_BYTES = 256;

    private final Crowds crowd;
    private final BackEnd backEnd;

    /** Nobody is connected yet. */
    Served(Rig rig, Tenant tenant, int most) {
        this.crowd = rig.crowd(Wire.NATIVE, tenant, most);
        this.backEnd = new BackEnd(rig.center(), tenant, PAYLOAD_BYTES);
    }

    /** So many are bound afterwards, in the first room. */
    void connect(int clients) {
        crowd.acks(true);
        crowd.connect(clients);
    }

    Crowds crowd() {
        return crowd;
    }

    /** Returns when all are answered. */
    Sent push(int perSecond, Duration stretch) {
        return backEnd.push(crowd.clients(), perSecond, stretch);
    }

    /** Whether all of them have arrived within the time. */
    boolean awaitArrival(Sent sent, Duration within) {
        return Pause.until(() -> missing(sent) == 0, within);
    }

    /** How many have not arrived. */
    long missing(Sent sent) {
        return crowd.missing(sent.run(), sent.pushes());
    }

    /** Nothing may be lost or doubled. */
    void check(Result result, String where, CrowdCounts counts, Sent sent) {
        Loss.check(result, where, counts, missing(sent));
    }

    @Override
    public void close() {
        backEnd.close();
        crowd.close();
    }
}
