/**
 * What is measured: one class a scenario ({@link io.longline.bench.scenario.Scenario}). Each starts its cluster and its crowd, and says what
 * it found in a {@link io.longline.bench.report.Result}; what was lost or came twice is a failure. Each runs on one thread.
 */
@NullMarked
package io.longline.bench.scenario;

import org.jspecify.annotations.NullMarked;
