/**
 * {@code DELETE /v1/messages/{id}}: {@link io.longline.center.recall.RecallHttp} notes it, recalls what is recorded, and has {@link
 * io.longline.center.recall.UnrecordedRecall} look for what is not. Straight code on virtual threads.
 */
@NullMarked
package io.longline.center.recall;

import org.jspecify.annotations.NullMarked;
