/** What processes use, and what follows from several measurements. Linux: much of it is read from {@code /proc}. */
@NullMarked
package io.longline.bench.measure;

import org.jspecify.annotations.NullMarked;
