/**
 * The edge between center's records and the generated messages of {@code proto/rpc}. Only the Client classes of center call it; pure
 * functions.
 */
@NullMarked
package io.longline.center.wire;

import org.jspecify.annotations.NullMarked;
