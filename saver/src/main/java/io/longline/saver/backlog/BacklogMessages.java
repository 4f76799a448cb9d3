package io.longline.saver.backlog;

/** Events and streams as generated messages, and back. */
final class BacklogMessages {
    private BacklogMessages() {}

    /** INVALID_ARGUMENT names what is wrong; likewise below. */
    static BacklogStream read(io.longline.rpc.v1.BacklogStream stream) {
        return new BacklogStream(stream.getShard(), stream.getProduct(), stream.getKind());
    }

    static BacklogEvent read(io.longline.rpc.v1.BacklogEvent event) {
        return new BacklogEvent(
                event.getSeq(),
                event.getUser(),
                event.getDevice(),
                event.getGeneration(),
                event.getAtMs(),
                event.getFieldsMap(),
                event.getPayload());
    }

    static io.longline.rpc.v1.BacklogEvent of(BacklogEvent event) {
        return io.longline.rpc.v1.BacklogEvent.newBuilder()
                .setSeq(event.seq())
                .setUser(event.user())
                .setDevice(event.device())
                .setGeneration(event.generation())
                .setAtMs(event.atMs())
                .putAllFields(event.fields())
                .setPayload(event.payload())
                .build();
    }

    static io.longline.rpc.v1.BacklogSize of(MysqlBacklog.Size size) {
        BacklogStream stream = size.stream();
        return io.longline.rpc.v1.BacklogSize.newBuilder()
                .setStream(io.longline.rpc.v1.BacklogStream.newBuilder()
                        .setShard(stream.shard())
                        .setProduct(stream.product())
                        .setKind(stream.kind()))
                .setEvents(size.events())
                .setFirstSeq(size.firstSeq())
                .setLastSeq(size.lastSeq())
                .build();
    }
}
