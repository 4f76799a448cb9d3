/** Tests of {@code command}. */
@NullMarked
package io.longline.bench.command;

import org.jspecify.annotations.NullMarked;
