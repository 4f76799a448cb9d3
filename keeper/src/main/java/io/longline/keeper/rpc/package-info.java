/**
 * Calls between services: batches over bidirectional gRPC streams, with every queue bounded and every call under a
 * deadline. A service offers {@link io.longline.keeper.rpc.RpcService}s through one {@link io.longline.keeper.rpc.RpcServer}
 * and reaches others through one {@link io.longline.keeper.rpc.Peers} a service. Calling never blocks, so event loops may;
 * handlers run on virtual threads of their own. Generated messages pass through here; nothing here knows what they mean.
 */
@NullMarked
package io.longline.keeper.rpc;

import org.jspecify.annotations.NullMarked;
