@NullMarked
package io.longline.keeper.rpc;

import org.jspecify.annotations.NullMarked;
