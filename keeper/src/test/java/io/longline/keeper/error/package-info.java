@NullMarked
package io.longline.keeper.error;

import org.jspecify.annotations.NullMarked;
