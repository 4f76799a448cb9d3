/** Tests of {@code scenario}. */
@NullMarked
package io.longline.bench.scenario;

import org.jspecify.annotations.NullMarked;
