@NullMarked
package io.longline.room.topic;

import org.jspecify.annotations.NullMarked;
