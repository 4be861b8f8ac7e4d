package dev.switchboard.handshake;

import java.util.List;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Describes the load balancers in front of the agent port.
 *
 * @param trustedProxies the networks (CIDR) of the proxies that are trusted to report the
 * addresses of agents; none by default
 * @param proxyProtocol whether these proxies begin each connection with a PROXY protocol
 * header
 */
@ConfigurationProperties("switchboard.agent")
public record ProxySettings(@DefaultValue List<String> trustedProxies, @DefaultValue("off") boolean proxyProtocol) {
}
