/**
 * The users of the system in a run: back ends on the HTTP API, and clients, written from the contract alone or on the SDK.
 * Each records what it does and sees.
 */
@NullMarked
package io.longline.deploy.check.client;

import org.jspecify.annotations.NullMarked;
