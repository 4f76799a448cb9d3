package io.longline.frames;

/**
 * What became of some bytes. {@code F} is the frame type of one {@link Direction}.
 *
 * <ul>
 *   <li>{@link Frame}: a frame of a known kind.
 *   <li>{@link NeedMore}: the bytes end before the frame does. Only the native form, which has a length, answers this.
 *   <li>{@link Unknown}: a frame of a kind that this release does not know; to be answered by {@code error} and otherwise ignored.
 *   <li>{@link Refused}: {@link Malformed} or {@link TooLarge}; the link is to be closed with {@link Refused#closeCode()}.
 * </ul>
 */
public sealed interface DecodeResult<F> {

    /** A frame of a known kind. */
    final class Frame<F> implements DecodeResult<F> {
        private final F frame;

        public Frame(F frame) {
            this.frame = frame;
        }

        public F frame() {
            return frame;
        }

        @Override
        public String toString() {
            return "Frame";
        }
    }

    /** The frame is not complete yet. */
    final class NeedMore<F> implements DecodeResult<F> {
        @Override
        public String toString() {
            return "NeedMore";
        }
    }

    /** A frame of an unknown kind. */
    final class Unknown<F> implements DecodeResult<F> {
        private static final int MAX_KIND_LENGTH = 64;

        private final String kind;

        public Unknown(String kind) {
            this.kind = kind.length() <= MAX_KIND_LENGTH ? kind : kind.substring(0, MAX_KIND_LENGTH);
        }

        /** What the sender called it, at most 64 characters: the JSON key, or {@code field N} in protobuf. */
        public String kind() {
            return kind;
        }

        @Override
        public String toString() {
            return "Unknown(" + kind + ")";
        }
    }

    /** A frame after which the link ends. */
    sealed interface Refused<F> extends DecodeResult<F> {
        CloseCode closeCode();

        /** What is wrong, for the log and the other side; never holds anything of the frame's contents but our own field names. */
        String problem();
    }

    /** A frame that does not parse. */
    final class Malformed<F> implements Refused<F> {
        private final String problem;

        public Malformed(String problem) {
            this.problem = problem;
        }

        @Override
        public CloseCode closeCode() {
            return CloseCode.MALFORMED_FRAME;
        }

        @Override
        public String problem() {
            return problem;
        }

        @Override
        public String toString() {
            return "Malformed(" + problem + ")";
        }
    }

    /** A frame beyond {@link FrameLimits}. Nothing was allocated for it. */
    final class TooLarge<F> implements Refused<F> {
        private final long bytes;
        private final int limit;

        public TooLarge(long bytes, int limit) {
            this.bytes = bytes;
            this.limit = limit;
        }

        @Override
        public CloseCode closeCode() {
            return CloseCode.FRAME_TOO_LARGE;
        }

        @Override
        public String problem() {
            return "frame of " + bytes + " bytes, the limit is " + limit;
        }

        @Override
        public String toString() {
            return "TooLarge(" + problem() + ")";
        }
    }
}
