/**
 * Who follows which topic, as back ends see and want it. Clients follow through their rooms; what the newer of both wants is so.
 * Blocking calls on virtual threads.
 */
@NullMarked
package io.longline.center.follow;

import org.jspecify.annotations.NullMarked;
