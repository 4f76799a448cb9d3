package io.longline.room.transport.loop;

import io.netty.channel.epoll.EpollIoHandle;

/** A handle that beats its loop's pulse itself before it does anything, and so needs nobody around it. */
public interface BeatingHandle extends EpollIoHandle {

    @Override
    void close();
}
