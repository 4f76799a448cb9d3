/** Tests of what their package's name says; without network. */
@NullMarked
package io.longline.room.conversation;

import org.jspecify.annotations.NullMarked;
