@NullMarked
package io.longline.keeper.net;

import org.jspecify.annotations.NullMarked;
