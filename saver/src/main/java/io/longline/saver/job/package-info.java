/**
 * Messages to long lists: the list as it comes, part by part, and how far whoever sends it has come; and broadcasts, which have a topic
 * instead. All of it is in MySQL alone; {@link io.longline.saver.job.MysqlJobLists} has lists, {@link io.longline.saver.job.MysqlJobs} what
 * back ends see and want, {@link io.longline.saver.job.MysqlJobRuns} who works on a job, {@link io.longline.saver.job.MysqlBroadcasts} what
 * broadcasts have of their own, {@link io.longline.saver.job.MysqlKicks} what lists of users to be kicked have. What was acknowledged of a list is counted in Redis. Blocking calls on virtual threads, from {@link
 * io.longline.saver.job.JobGrpcService}.
 */
@NullMarked
package io.longline.saver.job;

import org.jspecify.annotations.NullMarked;
