package io.longline.register.endpoint;

/** A session that ended a moment ago: whoever had the endpoint before it does not have it again. */
public record EndedSession(Endpoint endpoint, long generation) implements ToldSession {}
