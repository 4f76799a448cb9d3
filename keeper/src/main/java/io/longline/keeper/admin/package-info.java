/**
 * The port on which a service tells operators how it is: {@code /healthz}, {@code /readyz}, {@code /metrics}. Every service
 * opens one. Handlers run on the HTTP server's virtual threads.
 */
@NullMarked
package io.longline.keeper.admin;

import org.jspecify.annotations.NullMarked;
