package io.longline.deploy.check.client;

/** Where a bind goes on in a topic that its endpoint follows. */
record TopicPlace(String topic, long after) {}
