@NullMarked
package io.longline.keeper.http;

import org.jspecify.annotations.NullMarked;
