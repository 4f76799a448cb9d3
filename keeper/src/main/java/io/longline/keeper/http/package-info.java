/**
 * A small HTTP server on virtual threads: {@link io.longline.keeper.http.HttpRoutes} say who answers what, handlers take an
 * {@link io.longline.keeper.http.HttpRequest} and give an {@link io.longline.keeper.http.HttpResponse}, or throw. Every
 * answer carries a request id, every error has the contract's shape, also those that no handler saw. Nothing but this
 * package knows Helidon.
 */
@NullMarked
package io.longline.keeper.http;

import org.jspecify.annotations.NullMarked;
