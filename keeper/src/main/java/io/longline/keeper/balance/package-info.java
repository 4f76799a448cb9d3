/** Whose turn it is among several that may do the same. Any thread. */
@NullMarked
package io.longline.keeper.balance;

import org.jspecify.annotations.NullMarked;
