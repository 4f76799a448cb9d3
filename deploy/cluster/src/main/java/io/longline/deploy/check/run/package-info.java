/**
 * Random runs against a cluster, with faults: who does what, and when, comes from a seed. {@link
 * io.longline.deploy.check.run.Survival} is a whole run from its first operation to its verdict.
 */
@NullMarked
package io.longline.deploy.check.run;

import org.jspecify.annotations.NullMarked;
