package io.longline.register.endpoint;

/**
 * An endpoint is bound at this place.
 *
 * @param generation grows with each bind of the endpoint; whoever carries an older one is stale
 * @param sinceMs when it was bound
 */
public record Route(Place place, long generation, long sinceMs) {

    /** Reads "room incarnation loop slot slot_generation generation since", as the scripts write it. */
    public static Route parse(String text) {
        String[] words = text.split(" ", -1);
        Incarnation incarnation = new Incarnation(words[0], Long.parseLong(words[1]));
        Place place = new Place(
                incarnation, Integer.parseInt(words[2]), Integer.parseInt(words[3]), Integer.parseInt(words[4]));
        return new Route(place, Long.parseLong(words[5]), Long.parseLong(words[6]));
    }
}
