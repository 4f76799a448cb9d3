package io.longline.deploy.check;

import java.util.List;

/**
 * A promise that was broken.
 *
 * @param promise its number in the design
 * @param message the number of the message in its run, -1 where it is about none
 * @param endpoint empty where it is about none
 * @param at nanoseconds since the run began
 * @param history what happened to both before, a line an event
 */
public record Violation(int promise, int message, String endpoint, long at, String what, List<String> history) {

    public Violation {
        history = List.copyOf(history);
    }

    /** In a line, without the history. */
    public String headline() {
        return "promise " + promise + ": " + what + (message < 0 ? "" : " [message " + message + ']')
                + (endpoint.isEmpty() ? "" : " [" + endpoint + ']');
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(headline());
        history.forEach(line -> text.append("\n    ").append(line));
        return text.toString();
    }
}
