/** What cluster tests are written with: a shared cluster, a back end, and clients that speak each transport by hand. */
@NullMarked
package io.longline.deploy.kit;

import org.jspecify.annotations.NullMarked;
