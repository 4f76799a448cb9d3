package io.longline.room.transport;

/** What a link is made of; a client cannot tell. */
public enum LinkKind {
    /** A channel of Netty's, with a pipeline. */
    CHANNEL,
    /** A descriptor that stands on the event loop by itself: a tenth of the memory. Needs epoll. */
    LEAN
}
