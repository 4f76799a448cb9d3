/**
 * Where to connect and when: the dispatcher's answer, which of its addresses comes next, and how long to wait before. Inner side of the
 * sdk; apps do not call it. The thread {@code longline-link} owns everything here.
 */
@NullMarked
package io.longline.sdk.dispatch;

import org.jspecify.annotations.NullMarked;
