package dev.switchboard.simulator.agents;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@link Answers} from the command line. */
final class AnswersConverter implements ITypeConverter<Answers> {

	@Override
	public Answers convert(String value) {
		try {
			return Answers.parse(value);
		}
		catch (IllegalArgumentException ex) {
			throw new TypeConversionException("a delay must look like 20 or 5-20");
		}
	}

}
