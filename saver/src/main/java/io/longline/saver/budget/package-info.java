/**
 * How much memory of Redis the saver may use, by kind. What is kept is counted by the scripts that write it, in {@code used} of
 * each shard; {@link BudgetWatch} reads and sums that each second, and {@link Budgets} says to flows whether there is room.
 * Nothing is ever evicted: what finds no room is refused.
 */
@NullMarked
package io.longline.saver.budget;

import org.jspecify.annotations.NullMarked;
