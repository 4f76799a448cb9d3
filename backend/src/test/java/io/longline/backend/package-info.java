@NullMarked
package io.longline.backend;

import org.jspecify.annotations.NullMarked;
