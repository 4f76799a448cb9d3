/** What a back end needs to speak to center: {@link io.longline.backend.BackEnd}, one file, to be copied where that is easier. */
@NullMarked
package io.longline.backend;

import org.jspecify.annotations.NullMarked;
