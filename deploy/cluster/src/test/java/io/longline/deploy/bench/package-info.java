/** How the benches count. */
@NullMarked
package io.longline.deploy.bench;

import org.jspecify.annotations.NullMarked;
