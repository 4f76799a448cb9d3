package io.longline.keeper.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;

/** Makes registries. */
public final class Metrics {
    private Metrics() {}

    /**
     * A registry whose every metric says which service and instance it is of, with those of the JVM in it: memory, threads,
     * collections, CPU, open files.
     */
    public static PrometheusMeterRegistry registry(String service, String instance) {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        registry.config().commonTags(Tags.of("service", service, "instance", instance));
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        ManagementFactory.getGarbageCollectorMXBeans().forEach(collector -> collections(registry, collector));
        return registry;
    }

    /** Polled, and not by Micrometer's own listener: that one stays behind on the collectors when a registry is dropped. */
    private static void collections(MeterRegistry registry, GarbageCollectorMXBean collector) {
        Tags tags = Tags.of("gc", collector.getName());
        FunctionCounter.builder("jvm.gc.collections", collector, GarbageCollectorMXBean::getCollectionCount)
                .description("collections so far")
                .tags(tags)
                .register(registry);
        TimeGauge.builder("jvm.gc.time", collector, TimeUnit.MILLISECONDS, GarbageCollectorMXBean::getCollectionTime)
                .description("time spent in collections so far")
                .tags(tags)
                .register(registry);
    }
}
