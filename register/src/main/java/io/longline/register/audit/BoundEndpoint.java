package io.longline.register.audit;

import io.longline.register.endpoint.Endpoint;
import io.longline.register.endpoint.Route;

/** An endpoint, and where Redis has it. */
record BoundEndpoint(Endpoint endpoint, Route route) {}
