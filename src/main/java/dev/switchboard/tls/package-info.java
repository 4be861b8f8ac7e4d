/**
 * TLS on the listeners: what secures the connections of those that Spring Boot does not
 * open itself, and what watches the handshakes of all.
 */
@NullMarked
package dev.switchboard.tls;

import org.jspecify.annotations.NullMarked;
