/**
 * The crowd: processes of their own with many clients each, on an event loop that keeps no buffer a connection. {@link
 * io.longline.bench.crowd.Crowds} is the bench's side, {@link io.longline.bench.crowd.CrowdMain} what runs in a process. They speak in
 * lines of JSON, a command and its answer. Messages carry a {@link io.longline.bench.crowd.Stamp}: when they were due, and their number
 * among those of their client, so that loss and doubles are seen where they would hurt. A client is touched on its loop alone.
 */
@NullMarked
package io.longline.bench.crowd;

import org.jspecify.annotations.NullMarked;
