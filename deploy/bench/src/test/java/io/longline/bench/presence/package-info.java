/** Tests of {@code presence}. */
@NullMarked
package io.longline.bench.presence;

import org.jspecify.annotations.NullMarked;
