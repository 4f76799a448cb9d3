package io.longline.center.endpoint;

/** The session that has an endpoint now. */
public record Route(Place place, long generation, long sinceMs) {}
