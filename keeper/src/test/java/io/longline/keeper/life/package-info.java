@NullMarked
package io.longline.keeper.life;

import org.jspecify.annotations.NullMarked;
