package io.longline.saver.deadletter;

/** Dead letters as generated messages, and back. */
final class DeadLetterMessages {
    private DeadLetterMessages() {}

    /** INVALID_ARGUMENT names what is wrong. */
    static DeadLetter read(io.longline.rpc.v1.DeadLetter letter) {
        return new DeadLetter(
                new DeadLetter.About(
                        letter.getProduct(),
                        letter.getId(),
                        letter.getKind(),
                        letter.getUser(),
                        letter.getDevice(),
                        letter.getGeneration()),
                letter.getSeq(),
                letter.getAtMs(),
                letter.getReason(),
                letter.getFieldsMap(),
                letter.getPayload(),
                DeadLetter.Kept.NOT_YET);
    }

    static io.longline.rpc.v1.DeadLetter of(DeadLetter letter) {
        return io.longline.rpc.v1.DeadLetter.newBuilder()
                .setProduct(letter.about().product())
                .setId(letter.about().id())
                .setKind(letter.about().kind())
                .setUser(letter.about().user())
                .setDevice(letter.about().device())
                .setGeneration(letter.about().generation())
                .setSeq(letter.seq())
                .putAllFields(letter.fields())
                .setPayload(letter.payload())
                .setAtMs(letter.atMs())
                .setDiedAtMs(letter.kept().diedAtMs())
                .setReason(letter.reason())
                .setNumber(letter.kept().number())
                .setPayloadBytes(letter.kept().bytes())
                .build();
    }
}
