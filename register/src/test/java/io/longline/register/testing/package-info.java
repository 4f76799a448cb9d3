/**
 * What the tests of register stand on: a Redis to look into, and peers that speak real gRPC, announced in a real ZooKeeper:
 * a saver's journal, rooms, and a client of register itself. For tests only; each test owns what it makes.
 */
@NullMarked
package io.longline.register.testing;

import org.jspecify.annotations.NullMarked;
