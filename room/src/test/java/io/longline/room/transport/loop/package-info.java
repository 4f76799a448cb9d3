/** Tests of event loops without network. */
@NullMarked
package io.longline.room.transport.loop;

import org.jspecify.annotations.NullMarked;
