package io.longline.saver.job;

/**
 * How many bytes a second a broadcast goes on with.
 *
 * @param perS 0: any number
 * @param each what one session takes of them; 0: only its message tells
 */
record ByteRate(int perS, int each) {
    static final ByteRate NONE = new ByteRate(0, 0);
}
