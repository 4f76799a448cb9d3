/** Tests of the JSON form. Surefire alone calls them, on its own thread. */
@NullMarked
package io.longline.frames.json;

import org.jspecify.annotations.NullMarked;
