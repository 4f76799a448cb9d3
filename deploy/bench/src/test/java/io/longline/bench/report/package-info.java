/** Tests of {@code report}. */
@NullMarked
package io.longline.bench.report;

import org.jspecify.annotations.NullMarked;
