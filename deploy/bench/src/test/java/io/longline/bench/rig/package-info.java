/** Tests of {@code rig}. */
@NullMarked
package io.longline.bench.rig;

import org.jspecify.annotations.NullMarked;
