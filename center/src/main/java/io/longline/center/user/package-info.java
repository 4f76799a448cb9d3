/**
 * Users as back ends see them: their devices, who is online, what waits for them. Straight code on virtual threads.
 */
@NullMarked
package io.longline.center.user;

import org.jspecify.annotations.NullMarked;
