@NullMarked
package io.longline.keeper.metrics;

import org.jspecify.annotations.NullMarked;
