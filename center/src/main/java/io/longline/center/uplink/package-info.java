/**
 * What clients sent, for back ends that fetch it: {@link io.longline.center.uplink.GroupHttp} answers them, {@link
 * io.longline.center.uplink.GroupClient} asks a coordinator. On the threads of requests; one that waits asks again and again, for a short time
 * each.
 */
@NullMarked
package io.longline.center.uplink;

import org.jspecify.annotations.NullMarked;
