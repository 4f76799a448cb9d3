@NullMarked
package io.longline.keeper.pool;

import org.jspecify.annotations.NullMarked;
