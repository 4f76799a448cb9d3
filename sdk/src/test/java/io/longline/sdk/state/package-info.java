/** Tests of this package; the thread of the test runner owns everything. */
@NullMarked
package io.longline.sdk.state;

import org.jspecify.annotations.NullMarked;
