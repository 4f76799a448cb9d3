/** What holds for every class of the project. */
@NullMarked
package io.longline.bench.rules;

import org.jspecify.annotations.NullMarked;
