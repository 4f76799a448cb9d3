package io.longline.register.endpoint;

import io.longline.keeper.presence.PresenceKeys;
import io.longline.keeper.shard.Shards;

/**
 * The Redis keys of one shard that register owns; nobody else writes them, and of the others only the coordinator reads
 * some: the events, and, to tell who comes and goes, the mark, routes and who is online. All carry the shard's hash tag, so that a script touches one slot.
 *
 * <p>Those that end with ":" are what the keys of many users or incarnations begin with. Scripts that go through
 * several of these are given the beginning and join the rest themselves.
 */
public record RouteKeys(String tag) {
    private static final String DEVICES = ":devices:";
    private static final String ROUTES = ":route:";
    /** What the keys of routes of all shards look like, for a scan. */
    public static final String ALL_ROUTES = "{s*}" + ROUTES + "*";

    /** What the keys of devices of all shards look like, for a scan. */
    public static final String ALL_DEVICES = "{s*}" + DEVICES + "*";

    public static RouteKeys of(int shard) {
        return new RouteKeys(Shards.tag(shard));
    }

    public static RouteKeys of(String product, String user) {
        return of(Shards.of(product, user));
    }

    /** String: the run_id of the Redis that holds this shard whole, or "rebuilding run_id fencing". */
    public String mark() {
        return tag + ":mark:route";
    }

    /** String: the last generation given in this shard. */
    public String generation() {
        return tag + ":generation";
    }

    /** Sorted set: incarnations that may bind nothing any more, by when they were declared gone. */
    public String dead() {
        return tag + ":dead";
    }

    /** Set: incarnations that bound something here. */
    public String rooms() {
        return tag + ":rooms";
    }

    /** Stream: what the coordinator has to carry out; its fields stand in the README. */
    public String events() {
        return tag + ":events";
    }

    /** Hash for "product/user": device to route. */
    public String routes() {
        return tag + ROUTES;
    }

    public String routes(String product, String user) {
        return routes() + product + "/" + user;
    }

    /** Hash for "product/user": device to "seen generation known born network". */
    public String devices() {
        return tag + DEVICES;
    }

    /** Product and user of such a key. */
    public static String[] ownerOf(String devicesKey) {
        return ownerOf(devicesKey, DEVICES);
    }

    /** The same of a key of routes. */
    public static String[] ownerOfRoutes(String routesKey) {
        return ownerOf(routesKey, ROUTES);
    }

    private static String[] ownerOf(String key, String kind) {
        return key.substring(key.indexOf(kind) + kind.length()).split("/", 2);
    }

    public String devices(String product, String user) {
        return devices() + product + "/" + user;
    }

    /** Hash for "product/user", for a day: forgotten device to the generation under which it was, or of its last session. */
    public String ended() {
        return tag + ":ended:";
    }

    public String ended(String product, String user) {
        return ended() + product + "/" + user;
    }

    /** Hash for "product/user": kicked device, or "" for all of them, to "until generation reason". */
    public String kicks() {
        return tag + ":kicks:";
    }

    public String kicks(String product, String user) {
        return kicks() + product + "/" + user;
    }

    /** Sorted set for a product, all scores 0, so by name: its users that have a route. */
    public String online() {
        return tag + ":online:";
    }

    public String online(String product) {
        return online() + product;
    }

    /** Hash for "product/user": "device/topic", or "/topic" of the user's own, to "version state from noting". */
    public String follows() {
        return tag + ":follows:";
    }

    public String follows(String product, String user) {
        return follows() + product + "/" + user;
    }

    /** Sorted set for "product/topic", all scores 0, so by name: the users of this shard that follow it. */
    public String followers() {
        return tag + ":followers:";
    }

    /** What those of one product begin with. */
    public String followers(String product) {
        return followers() + product + "/";
    }

    public String followers(String product, String topic) {
        return followers(product) + topic;
    }

    /** What the keys of who comes and goes begin with; the coordinator writes them too. */
    public String presence() {
        return PresenceKeys.of(tag);
    }

    /** String: gone where what was told of presence may differ from the routes. */
    public String presenceCompared() {
        return PresenceKeys.compared(tag);
    }

    /** Set for "room/incarnation": the endpoints that it bound. */
    public String index() {
        return tag + ":room:";
    }

    public String index(Incarnation incarnation) {
        return index() + incarnation;
    }
}
