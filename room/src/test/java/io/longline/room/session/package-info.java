/** Tests of what their package's name says; without network. */
@NullMarked
package io.longline.room.session;

import org.jspecify.annotations.NullMarked;
