/**
 * Sessions that others end: replaced by a newer bind, or kicked. {@link io.longline.room.end.SessionsGrpcService} is the
 * entrance, for refills and changes of what is followed too; {@link io.longline.room.end.Ends} does it on the session's loop.
 */
@NullMarked
package io.longline.room.end;

import org.jspecify.annotations.NullMarked;
