/** The fault kit against itself: what it breaks is broken, and what it heals works again. */
@NullMarked
package io.longline.deploy.faults;

import org.jspecify.annotations.NullMarked;
