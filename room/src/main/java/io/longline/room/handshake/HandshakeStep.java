package io.longline.room.handshake;

/** One step of the handshake. It leaves alone what an earlier one refused. May block; not on a loop. */
interface HandshakeStep {
    void take(BindBatch batch);
}
