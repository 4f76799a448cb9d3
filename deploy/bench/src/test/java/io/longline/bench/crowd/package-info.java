/** Tests of {@code crowd}. */
@NullMarked
package io.longline.bench.crowd;

import org.jspecify.annotations.NullMarked;
