package io.longline.saver.job;

/**
 * What a job has that kicks users.
 *
 * @param reason that clients are told; empty: none was given
 * @param blockS for so long none may be bound
 */
record Kick(String reason, int blockS) {}
