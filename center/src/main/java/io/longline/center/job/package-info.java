/**
 * A message to a long list. {@link io.longline.center.job.JobHttp} is what back ends see; {@link io.longline.center.job.JobIntake} reads a list line by line
 * and has saver keep it, no faster than that; {@link io.longline.center.job.JobClient} is the way to saver. Who sends it is in {@code
 * jobrun}. Blocking calls on virtual threads.
 */
@NullMarked
package io.longline.center.job;

import org.jspecify.annotations.NullMarked;
