package io.longline.center.broadcastrun;

import io.longline.center.CenterMetrics;
import io.longline.center.clock.StoreClock;
import io.longline.center.job.JobClient;
import io.longline.center.job.JobWorkClient;
import io.longline.keeper.product.Products;

/** What all broadcasts of a center are carried out with. */
public record BroadcastTools(
        JobClient jobs,
        JobWorkClient work,
        BroadcastLogClient logs,
        BroadcastClient rooms,
        LateAcks lateAcks,
        StoreClock clock,
        Products products,
        CenterMetrics metrics) {}
