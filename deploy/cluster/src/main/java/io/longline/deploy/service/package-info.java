/**
 * The services by name, and where instances of them run: in this process or each in one of its own. The only place in
 * deploy that knows the services' servers and the keys of their configuration. A host is owned by the thread that starts
 * and closes it.
 */
@NullMarked
package io.longline.deploy.service;

import org.jspecify.annotations.NullMarked;
