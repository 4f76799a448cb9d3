/**
 * What is to be sent later, as saver keeps it: {@link io.longline.center.schedule.ScheduleClient} has it kept, told of when it is due, and recalled;
 * {@link io.longline.center.schedule.ScheduleWire} is its form. Blocking calls on virtual threads.
 */
@NullMarked
package io.longline.center.schedule;

import org.jspecify.annotations.NullMarked;
