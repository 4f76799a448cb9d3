package io.longline.deploy.service;

/**
 * One instance that was started.
 *
 * @param port where clients or back ends reach it; 0 for a service that has no such port
 * @param admin where {@code /readyz} and {@code /metrics} are
 * @param handle closing it stops the instance; in this process, it is the server itself
 */
public record RunningService(ServicePlan plan, int port, int admin, AutoCloseable handle) {

    public String instance() {
        return plan.instance();
    }
}
