/** Processes of services, and what guards them. */
@NullMarked
package io.longline.deploy.service;

import org.jspecify.annotations.NullMarked;
