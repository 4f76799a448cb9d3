package io.longline.bench.crowd;

/**
 * What a message of the bench says: its run, its number among the messages of its receiver, or the uplinks of its sender, from 0, and when it was due.
 *
 * @param dueNanos by {@link System#nanoTime}, which on Linux is one clock for all processes
 */
public record Stamp(int run, int number, long dueNanos) {
    private static final String MARK = "@bench ";

    /** Padded to so many characters, where it is shorter. */
    public String text(int size) {
        StringBuilder text = new StringBuilder(size)
                .append(MARK)
                .append(run)
                .append(' ')
                .append(number)
                .append(' ')
                .append(dueNanos)
                .append(' ');
        while (text.length() < size) {
            text.append('x');
        }
        return text.toString();
    }

    /** Whether a text was made by {@link #text}; others only fill the line. */
    public static boolean isOne(String text) {
        return text.startsWith(MARK);
    }

    /** That made such a text. */
    public static Stamp of(String text) {
        int first = text.indexOf(' ', MARK.length());
        int second = text.indexOf(' ', first + 1);
        int third = text.indexOf(' ', second + 1);
        return new Stamp(
                Integer.parseInt(text, MARK.length(), first, 10),
                Integer.parseInt(text, first + 1, second, 10),
                Long.parseLong(text, second + 1, third, 10));
    }
}
