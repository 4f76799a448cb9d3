/** The proxies between plain sockets. */
@NullMarked
package io.longline.deploy.proxy;

import org.jspecify.annotations.NullMarked;
