/** Tests of what their package's name says; without network. */
@NullMarked
package io.longline.room.heartbeat;

import org.jspecify.annotations.NullMarked;
