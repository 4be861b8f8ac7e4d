package dev.switchboard;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

import picocli.CommandLine.IVersionProvider;

/** The version of this jar, as the build wrote it. */
final class Version implements IVersionProvider {

	private static final String BUILD_INFO = "META-INF/build-info.properties";

	@Override
	public String[] getVersion() throws IOException {
		return new String[] { "switchboard " + read() + " (Java " + Runtime.version() + ")" };
	}

	private static String read() throws IOException {
		try (InputStream info = Version.class.getClassLoader().getResourceAsStream(BUILD_INFO)) {
			Properties build = new Properties();
			if (info != null) {
				build.load(info);
			}
			return build.getProperty("build.version", "of an unfinished build");
		}
	}

}
