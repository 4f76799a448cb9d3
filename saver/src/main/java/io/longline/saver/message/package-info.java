/**
 * The records of messages: who claimed an id, to whom it went, what became of each copy. {@link MessagesGrpcService} is the
 * way in, {@link MessageRecords} the flows, {@link RedisRecords} the store. A record is in the shard of product and id, the
 * copies are in those of their users. Flows run on the virtual threads of a batch and may block.
 */
@NullMarked
package io.longline.saver.message;

import org.jspecify.annotations.NullMarked;
