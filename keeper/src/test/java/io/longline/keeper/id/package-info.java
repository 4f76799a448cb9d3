@NullMarked
package io.longline.keeper.id;

import org.jspecify.annotations.NullMarked;
