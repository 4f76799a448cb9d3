package io.longline.coordinator.audit;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Whether rooms have the sessions that routes name. The room is asked before the route is looked at once more: a session has its place
 * before it is bound, so where its room has nothing at a place, a route that is still there is nobody's.
 */
final class GhostLook {
    private final Routes routes;
    private final Rooms rooms;

    GhostLook(Routes routes, Rooms rooms) {
        this.routes = routes;
        this.rooms = rooms;
    }

    /**
     * In their order.
     *
     * @param living the rooms, with their incarnations
     */
    List<Verdict> judge(List<BoundRoute> looked, Map<String, Long> living) {
        List<Verdict> verdicts =
                new ArrayList<>(looked.stream().map(route -> Verdict.WRONG).toList());
        askRooms(looked, living, verdicts);
        askRegister(looked, verdicts);
        return verdicts;
    }

    private void askRooms(List<BoundRoute> looked, Map<String, Long> living, List<Verdict> verdicts) {
        List<Integer> asked = new ArrayList<>();
        for (int i = 0; i < looked.size(); i++) {
            Place place = looked.get(i).place();
            long incarnation = living.getOrDefault(place.room(), 0L);
            if (incarnation == place.incarnation()) {
                asked.add(i);
            } else if (incarnation != 0 && incarnation < place.incarnation()) {
                verdicts.set(i, Verdict.UNDER_WAY); // the room takes this one, and is announced with it then
            }
        }
        List<AtPlace> found =
                rooms.inspect(asked.stream().map(i -> looked.get(i).place()).toList());
        for (int i = 0; i < asked.size(); i++) {
            int index = asked.get(i);
            verdicts.set(index, judge(looked.get(index), found.get(i)));
        }
    }

    private static Verdict judge(BoundRoute route, AtPlace found) {
        return switch (found) {
            case AtPlace.There(SeenSession session) ->
                session.generation() == route.generation() && session.endpoint().equals(route.endpoint())
                        ? Verdict.FINE
                        : Verdict.WRONG;
            case AtPlace.Binding() -> Verdict.UNDER_WAY;
            case AtPlace.Nothing() -> Verdict.WRONG;
            case AtPlace.Unknown() -> Verdict.UNKNOWN;
        };
    }

    private void askRegister(List<BoundRoute> looked, List<Verdict> verdicts) {
        List<Integer> asked = new ArrayList<>();
        for (int i = 0; i < looked.size(); i++) {
            if (verdicts.get(i) == Verdict.WRONG) {
                asked.add(i);
            }
        }
        List<Whereabouts> found =
                routes.locate(asked.stream().map(i -> looked.get(i).endpoint()).toList());
        for (int i = 0; i < asked.size(); i++) {
            BoundRoute route = looked.get(asked.get(i));
            verdicts.set(
                    asked.get(i),
                    switch (found.get(i)) {
                        case Whereabouts.Online(Place place, long generation) ->
                            place.equals(route.place()) && generation == route.generation()
                                    ? Verdict.WRONG
                                    : Verdict.FINE;
                        case Whereabouts.Offline() -> Verdict.FINE;
                        case Whereabouts.Unknown() -> Verdict.UNKNOWN;
                    });
        }
    }
}
