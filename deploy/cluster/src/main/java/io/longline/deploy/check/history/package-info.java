/**
 * What happened in a run, as its senders, clients and faults saw it: recorded by any thread, read once and in order by the
 * checker. Nothing here judges.
 */
@NullMarked
package io.longline.deploy.check.history;

import org.jspecify.annotations.NullMarked;
