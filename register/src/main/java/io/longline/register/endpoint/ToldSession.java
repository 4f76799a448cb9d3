package io.longline.register.endpoint;

/** What a room tells of one of its sessions after its route was lost. */
public sealed interface ToldSession permits LiveSession, EndedSession {
    Endpoint endpoint();
}
