/** Addresses and networks, as a configuration names them, immutable; and how many connections the limit of open files leaves. */
@NullMarked
package io.longline.keeper.net;

import org.jspecify.annotations.NullMarked;
