package io.longline.center.job;

/**
 * What kicked clients are told, and for how long they may not come back.
 *
 * @param reason "": none was given
 * @param blockS 0: they may at once, also where an earlier kick said otherwise
 */
public record JobKick(String reason, int blockS) {}
