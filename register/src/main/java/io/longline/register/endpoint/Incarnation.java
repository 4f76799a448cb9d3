package io.longline.register.endpoint;

/** One start of one room process. When it is gone, all its sessions are. */
public record Incarnation(String room, long number) {

    /** "room/number", as it is written in Redis and in logs. */
    @Override
    public String toString() {
        return room + "/" + number;
    }

    /** The opposite of {@link #toString}. */
    public static Incarnation parse(String text) {
        int slash = text.lastIndexOf('/');
        return new Incarnation(text.substring(0, slash), Long.parseLong(text.substring(slash + 1)));
    }
}
