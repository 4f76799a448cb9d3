/** One class for each promise of the design that the system makes so far, under its number, on a whole cluster. */
@NullMarked
package io.longline.deploy.promises;

import org.jspecify.annotations.NullMarked;
