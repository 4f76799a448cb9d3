@NullMarked
package io.longline.keeper.shard;

import org.jspecify.annotations.NullMarked;
