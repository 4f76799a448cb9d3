/**
 * The stores as JUnit extensions, to be registered in static fields: Redis and ZooKeeper start for each test class,
 * MariaDB once for all of them, because its installation takes seconds. Needs JUnit on the class path of its user.
 */
@NullMarked
package io.longline.stores.junit;

import org.jspecify.annotations.NullMarked;
