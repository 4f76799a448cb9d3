/** What center answers when others are dead, stopped or wrong about the time. */
@NullMarked
package io.longline.center.faults;

import org.jspecify.annotations.NullMarked;
