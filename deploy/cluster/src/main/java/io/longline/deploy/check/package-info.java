/**
 * Judges a run: which promise of the design was broken, by which message, with its history. The rules take nothing from
 * the services but what back ends and clients see; what they know of promises is in {@code deploy/README.md}.
 *
 * <p>A {@link io.longline.deploy.check.Checker} may be asked by any thread; everything behind it is its own.
 */
@NullMarked
package io.longline.deploy.check;

import org.jspecify.annotations.NullMarked;
