package io.longline.keeper.redis;

import io.lettuce.core.resource.NettyCustomizer;
import io.netty.channel.Channel;
import io.netty.handler.flush.FlushConsolidationHandler;

/** What several callers send in one round of lettuce's event loop is one write; lettuce alone makes a system call a command. */
final class RedisWrites implements NettyCustomizer {
    /** So many flushes of lettuce's are one, at most; it flushes after each command. */
    private static final int FLUSHES = 256;

    @Override
    public void afterChannelInitialized(Channel channel) {
        channel.pipeline().addFirst(new FlushConsolidationHandler(FLUSHES, true));
    }
}
