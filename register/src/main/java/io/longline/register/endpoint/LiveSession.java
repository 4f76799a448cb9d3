package io.longline.register.endpoint;

/** A session as its room tells of it. */
public record LiveSession(Endpoint endpoint, Route route, String network) implements ToldSession {}
