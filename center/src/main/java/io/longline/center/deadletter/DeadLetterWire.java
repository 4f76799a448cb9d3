package io.longline.center.deadletter;

/** Dead letters as generated messages, and back. */
final class DeadLetterWire {
    private DeadLetterWire() {}

    static DeadLetter read(io.longline.rpc.v1.DeadLetter letter) {
        return new DeadLetter(
                letter.getId(),
                letter.getKind(),
                letter.getUser(),
                letter.getDevice(),
                letter.getGeneration(),
                letter.getSeq(),
                letter.getFieldsMap(),
                letter.getPayload(),
                letter.getAtMs(),
                new DeadLetter.Death(letter.getNumber(), letter.getDiedAtMs(), letter.getReason()));
    }

    static io.longline.rpc.v1.DeadLetter of(String product, DeadLetter letter) {
        return io.longline.rpc.v1.DeadLetter.newBuilder()
                .setProduct(product)
                .setId(letter.id())
                .setKind(letter.kind())
                .setUser(letter.user())
                .setDevice(letter.device())
                .setGeneration(letter.generation())
                .setSeq(letter.seq())
                .putAllFields(letter.fields())
                .setPayload(letter.payload())
                .setAtMs(letter.atMs())
                .build();
    }
}
