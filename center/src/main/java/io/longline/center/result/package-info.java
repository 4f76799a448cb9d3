/**
 * What became of a push: how far a copy has come, and the entry of {@code results} that tells it. Values only; any package of
 * center may use them, from any thread.
 */
@NullMarked
package io.longline.center.result;

import org.jspecify.annotations.NullMarked;
