/**
 * Messages as back ends see them, and the requests that read them.
 *
 * <p>{@link io.longline.center.message.MessageAnswer} is the answer of every flow that sends; {@link
 * io.longline.center.message.MessageHttp} is {@code GET /v1/messages/{id}}, {@link io.longline.center.message.Timeline} the way that a
 * message took. Straight code on virtual threads.
 */
@NullMarked
package io.longline.center.message;

import org.jspecify.annotations.NullMarked;
