/**
 * The meter registry of a server: one each, so that many servers live in one process without mixing their numbers. Each
 * service declares its own metrics in one class; tags are enums and known names, never ids from outside.
 */
@NullMarked
package io.longline.keeper.metrics;

import org.jspecify.annotations.NullMarked;
