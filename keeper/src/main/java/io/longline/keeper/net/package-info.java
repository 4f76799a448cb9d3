/** Addresses and networks, as a configuration names them. Immutable. */
@NullMarked
package io.longline.keeper.net;

import org.jspecify.annotations.NullMarked;
