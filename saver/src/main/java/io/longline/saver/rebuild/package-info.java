/**
 * Brings inboxes back into a Redis that lost them: a new one, an emptied one, one that was rolled back or failed over.
 * {@link Rebuild} notices and has each such shard restored by one process at a time; {@link ShardRestore} restores one from
 * the journal, {@link TopicRestore} the topics in it. Owned by one virtual thread; anyone may raise a suspicion.
 */
@NullMarked
package io.longline.saver.rebuild;

import org.jspecify.annotations.NullMarked;
