/** Tests of {@code measure}. */
@NullMarked
package io.longline.bench.measure;

import org.jspecify.annotations.NullMarked;
