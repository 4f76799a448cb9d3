/** The rules of the house, held by tests: which module and class may use what, and that the README speaks of what is there. */
@NullMarked
package io.longline.deploy.rules;

import org.jspecify.annotations.NullMarked;
