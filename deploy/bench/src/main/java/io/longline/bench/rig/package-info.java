/**
 * What is measured, and with what: a cluster of processes ({@link io.longline.bench.rig.Rig}), a back end that pushes at a steady rate
 * ({@link io.longline.bench.rig.BackEnd}), one that broadcasts ({@link io.longline.bench.rig.BroadcastClient}), messages to everybody
 * ({@link io.longline.bench.rig.RoomsClient}), and what this machine allows ({@link io.longline.bench.rig.Limits}). The thread that runs a scenario owns them.
 */
@NullMarked
package io.longline.bench.rig;

import org.jspecify.annotations.NullMarked;
