/**
 * What must outlive an app so that it gets each message once: the interface, and stores in memory and in a file. Apps choose or write
 * one; the thread {@code longline-app} of a client calls it, and so do those that start a client or follow a topic; several clients may share one.
 */
@NullMarked
package io.longline.sdk.state;

import org.jspecify.annotations.NullMarked;
