/** Tests of channels without network. */
@NullMarked
package io.longline.room.transport.channel;

import org.jspecify.annotations.NullMarked;
