/**
 * The life of a process and of what it is made of: parts are opened top to bottom and closed bottom to top, once. Every
 * {@code XxxServer} holds one {@link io.longline.keeper.life.LifeCycle}, every {@code XxxMain} is one call of {@link
 * io.longline.keeper.life.ServiceProcess}. Owned by the thread that starts and the one that closes.
 */
@NullMarked
package io.longline.keeper.life;

import org.jspecify.annotations.NullMarked;
