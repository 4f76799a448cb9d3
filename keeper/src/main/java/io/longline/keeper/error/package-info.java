/**
 * One error, in every form it takes: an exception inside a process, a {@code google.rpc.Status} between services, the
 * JSON body of the contract outside. {@link io.longline.keeper.error.ErrorTranslator} is the only place that turns one
 * form into another; its table is {@code proto/rpc/ERRORS.md}. Everybody may call it, from any thread; nothing blocks.
 */
@NullMarked
package io.longline.keeper.error;

import org.jspecify.annotations.NullMarked;
