/**
 * {@code longline bench}: one class a command. They read options, run something, print, and end; {@link
 * io.longline.bench.command.BenchCommands} hands them to the one program. Each runs on the main thread.
 */
@NullMarked
package io.longline.bench.command;

import org.jspecify.annotations.NullMarked;
