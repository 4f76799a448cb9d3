/**
 * What every request goes through before and around its handler: the list of routes, authentication, limits, and the strict reading of
 * JSON bodies with all problems told at once.
 *
 * <p>Runs on the HTTP server's virtual threads, one a request. Knows nothing of messages or users.
 */
@NullMarked
package io.longline.center.http;

import org.jspecify.annotations.NullMarked;
