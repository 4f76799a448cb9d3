/**
 * Pushes over HTTP as a back end sends them, as cheap as they can be, so that what is measured is not the sender: {@link
 * io.longline.bench.push.PushClient} is for any thread, all else is touched on its event loop alone. Nothing outside knows of channels.
 */
@NullMarked
package io.longline.bench.push;

import org.jspecify.annotations.NullMarked;
