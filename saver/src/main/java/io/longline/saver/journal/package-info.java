/**
 * The journal in MySQL: what one recovers from when Redis is lost, and where register keeps the known devices. Everything
 * is written by the one thread of {@link MysqlJournal}, in groups; whoever needs a commit waits for its {@link Receipt} on
 * a virtual thread. {@link MysqlReader} reads it all again, shard by shard.
 */
@NullMarked
package io.longline.saver.journal;

import org.jspecify.annotations.NullMarked;
