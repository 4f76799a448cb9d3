package io.longline.center.jobrun;

import io.longline.center.job.Job;
import io.longline.center.job.JobWorkClient;
import io.longline.center.job.TakenJob;
import io.longline.center.push.Target;
import io.longline.keeper.rpc.Deadline;
import java.util.List;

/** The targets of a job, of which a part at a time is in memory. */
final class JobList {
    private final JobWorkClient work;
    private final Job job;
    private final int partSize;
    private int number = -1;
    private List<Target> part = List.of();

    JobList(JobWorkClient work, TakenJob taken) {
        this.work = work;
        this.job = taken.job();
        this.partSize = taken.partSize();
    }

    /** Some of those from that place on, as many as are wanted or fewer, but one at least. */
    List<Target> from(long place, int wanted, Deadline deadline) {
        int wantedPart = (int) (place / partSize);
        if (wantedPart != number) {
            part = work.part(job, wantedPart, deadline);
            number = wantedPart;
        }
        int first = (int) (place % partSize);
        if (first >= part.size()) {
            throw new IllegalStateException("part " + number + " of job " + job.id() + " has " + part.size()
                    + " targets, expected more than " + first);
        }
        return part.subList(first, Math.min(part.size(), first + wanted));
    }
}
