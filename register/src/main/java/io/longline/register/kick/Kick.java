package io.longline.register.kick;

import java.time.Duration;

/**
 * Who is to be kicked.
 *
 * @param device "": all of the user's
 * @param reason that clients are told
 * @param block for so long none may be bound; zero: they may at once
 * @param job that it is of, which kicks each of its users once; "": it is of none
 */
public record Kick(String product, String user, String device, String reason, Duration block, String job) {}
