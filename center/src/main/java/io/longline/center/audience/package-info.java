/**
 * Whom a broadcast, or a message to a topic, would reach: {@link io.longline.center.audience.AudienceClient} asks register, {@link
 * io.longline.center.audience.Audience} is what a back end is told. Blocking calls on virtual threads.
 */
@NullMarked
package io.longline.center.audience;

import org.jspecify.annotations.NullMarked;
