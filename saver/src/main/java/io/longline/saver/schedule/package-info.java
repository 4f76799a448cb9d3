/**
 * Messages that are to be sent later. {@link ScheduleGrpcService} is the way in, {@link Schedule} the flows, {@link RedisSchedule} the store. What
 * is kept stands in the shard of product and message id, beside the record of that id. Saver does not send: it says what is due, and center
 * does. Flows run on the virtual threads of a batch and may block.
 */
@NullMarked
package io.longline.saver.schedule;

import org.jspecify.annotations.NullMarked;
