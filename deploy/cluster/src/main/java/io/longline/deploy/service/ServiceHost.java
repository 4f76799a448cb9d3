package io.longline.deploy.service;

/** Where instances of services run. */
public interface ServiceHost {

    /** Returns when the instance was started; whether it is ready, its admin port tells. */
    RunningService start(ServicePlan plan);
}
