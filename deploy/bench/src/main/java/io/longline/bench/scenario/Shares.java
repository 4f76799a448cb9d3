package io.longline.bench.scenario;

import io.longline.bench.measure.CpuUse;
import io.longline.bench.report.Table;

/** Who used the CPU. */
final class Shares {
    private Shares() {}

    /** @param done how many of what was done meanwhile */
    static Table of(String title, CpuUse use, long done, String what) {
        Table table = Table.of(title, "process", "CPU s", "% of a core", "µs a " + what);
        use.cpu().forEach((name, cpu) -> {
            double seconds = cpu.toNanos() / 1e9;
            table.add(name, seconds, use.percent(name::equals), seconds * 1e6 / done);
        });
        return table;
    }
}
