package io.longline.saver.message;

import io.longline.saver.endpoint.Endpoint;

/** Where a copy went, as it was told at the time. */
record Told(Endpoint endpoint, long seq) {}
