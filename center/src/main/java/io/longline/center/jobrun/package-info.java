/**
 * What works on jobs. {@link io.longline.center.jobrun.JobLoop} takes one after the other, as long as there is room for them here;
 * {@link io.longline.center.jobrun.SendRun} sends one, some targets after the others at the pace of the job, {@link
 * io.longline.center.jobrun.RecallRun} recalls one. Each has a virtual thread of its own, and a {@link io.longline.center.jobrun.Hold} on
 * its job: who loses that does nothing more. Nobody calls it.
 */
@NullMarked
package io.longline.center.jobrun;

import org.jspecify.annotations.NullMarked;
