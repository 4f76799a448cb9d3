/** Tests of what is spoken, without sockets. */
@NullMarked
package io.longline.room.transport.speech;

import org.jspecify.annotations.NullMarked;
