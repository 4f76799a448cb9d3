package io.longline.deploy.faults;

import io.longline.deploy.proxy.Network;
import io.longline.deploy.service.ServiceKind;
import io.longline.deploy.service.ServicePlan;
import io.longline.stores.Ports;
import java.util.Map;

/**
 * Where each part is reached: at a proxy, or straight where it listens.
 *
 * @param proxied a proxy stands before each listening port
 */
record Entrances(Network network, boolean proxied) {

    /** Of a store that listens there. */
    int of(PartKind store, int port) {
        if (!proxied) {
            return port;
        }
        String name = store.word();
        return store == PartKind.MYSQL
                ? network.openMysql(name, port)
                : network.open(name, port, Network.Callers.PARTS);
    }

    /**
     * Of a service, which is made to announce them.
     *
     * @param settings of the service; what it has to announce is added
     * @return the port for clients or back ends; 0 for a service without
     */
    int advertise(ServicePlan service, Map<String, String> settings) {
        if (!proxied) {
            return service.port();
        }
        if (service.kind().isCalled()) {
            int rpc = Ports.free();
            int announced = network.open(service.instance(), rpc, Network.Callers.PARTS);
            settings.put("rpc.port", Integer.toString(rpc));
            settings.put("rpc.advertise-port", Integer.toString(announced));
        }
        if (service.port() == 0) {
            return 0;
        }
        int announced = network.open(service.instance(), service.port(), Network.Callers.OUTSIDE);
        if (service.kind() == ServiceKind.ROOM) {
            settings.put("room.advertise", "127.0.0.1:" + announced);
        } else {
            settings.put(service.kind().word() + ".advertise-port", Integer.toString(announced));
        }
        return announced;
    }
}
