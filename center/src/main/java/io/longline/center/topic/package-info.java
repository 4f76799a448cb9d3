/**
 * Messages to topics. {@link io.longline.center.topic.TopicHttp} is what back ends see; {@link io.longline.center.topic.TopicFlow} has
 * saver append one to the log of its topic and tells the rooms; {@link io.longline.center.topic.TopicRound} tells them of what they may
 * not have heard. The log is the truth, and whoever begins to follow reads it: to tell the rooms makes it quick. Blocking calls on
 * virtual threads.
 */
@NullMarked
package io.longline.center.topic;

import org.jspecify.annotations.NullMarked;
