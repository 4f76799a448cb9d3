package io.longline.deploy.check.client;

import io.longline.deploy.check.history.EndpointId;

/** One bind, as it is said. */
record Wish(int ref, EndpointId endpoint, String token, long seq) {}
