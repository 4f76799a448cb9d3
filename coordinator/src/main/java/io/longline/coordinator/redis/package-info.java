/** What scripts answer, as Java has it. For whoever runs scripts; without state. */
@NullMarked
package io.longline.coordinator.redis;

import org.jspecify.annotations.NullMarked;
