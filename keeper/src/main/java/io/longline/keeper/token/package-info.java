/**
 * Client tokens (JSON Web Tokens signed by a product's back end), issued and checked.
 *
 * <p>A check computes a signature and touches no network, so it may run on any thread that can spare some microseconds
 * (HS256) or a fraction of a millisecond (ES256). Every failure is a value.
 */
@NullMarked
package io.longline.keeper.token;

import org.jspecify.annotations.NullMarked;
