/**
 * The saver: every read and write of messages, Redis first, MySQL behind. {@link SaverServer} read from top to bottom is how
 * it starts; {@code inbox}, {@code message}, {@code journal}, {@code rebuild} and {@code device} are what it does.
 */
@NullMarked
package io.longline.saver;

import org.jspecify.annotations.NullMarked;
