/** Tests of {@code push}. */
@NullMarked
package io.longline.bench.push;

import org.jspecify.annotations.NullMarked;
