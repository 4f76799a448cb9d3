/** How the benches count. */
@NullMarked
package io.longline.bench.failure;

import org.jspecify.annotations.NullMarked;
