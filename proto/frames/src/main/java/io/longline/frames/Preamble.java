package io.longline.frames;

/** The two bytes with which a client opens a native link; frames follow at once. The room sends none. */
public final class Preamble {
    /** First byte: tells native frames from HTTP (an ASCII letter) and TLS (0x16). */
    public static final byte MAGIC = (byte) 0xA7;

    /** Second byte: the version of the framing. */
    public static final byte VERSION = 1;

    private Preamble() {}

    /** A fresh array of both bytes. */
    public static byte[] bytes() {
        return new byte[] {MAGIC, VERSION};
    }
}
