/**
 * Devices that were not seen for as long as their product keeps them are forgotten. Start with {@link io.longline.register.unseen.UnseenDevices}.
 */
@NullMarked
package io.longline.register.unseen;

import org.jspecify.annotations.NullMarked;
