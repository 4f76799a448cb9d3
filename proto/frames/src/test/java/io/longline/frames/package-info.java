/** Tests of the frame codec: golden files, limits, and random frames and garbage. Surefire alone calls them, on its own thread. */
@NullMarked
package io.longline.frames;

import org.jspecify.annotations.NullMarked;
