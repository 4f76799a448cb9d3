/**
 * What an id may look like, as the contract says on its first page. Pure functions; whoever takes an id from outside
 * (HTTP, a frame, a command line) asks here first.
 */
@NullMarked
package io.longline.keeper.id;

import org.jspecify.annotations.NullMarked;
