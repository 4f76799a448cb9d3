/**
 * What the room does when others have lost its sessions: a register that asks for them gets them ({@link
 * io.longline.room.refill.Refill}); where the room itself was declared gone it binds them all anew ({@link
 * io.longline.room.refill.Rebind}), and so are single ones that the register has lost all the same. Both run on virtual threads and
 * visit the sessions on their loops, in chunks. Where ZooKeeper cannot tell that it was declared gone, a register is asked ({@link
 * io.longline.room.refill.Probe}).
 */
@NullMarked
package io.longline.room.refill;

import org.jspecify.annotations.NullMarked;
