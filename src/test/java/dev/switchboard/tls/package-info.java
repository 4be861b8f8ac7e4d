/** Certificates that the JDK's own keytool makes for the run, and tests of TLS. */
@NullMarked
package dev.switchboard.tls;

import org.jspecify.annotations.NullMarked;
