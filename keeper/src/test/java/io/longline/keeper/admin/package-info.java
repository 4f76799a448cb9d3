@NullMarked
package io.longline.keeper.admin;

import org.jspecify.annotations.NullMarked;
