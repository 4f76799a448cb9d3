/** What a bench tells: figures, lines and sentences ({@link io.longline.bench.report.Result}), as text, JSON and a page. */
@NullMarked
package io.longline.bench.report;

import org.jspecify.annotations.NullMarked;
