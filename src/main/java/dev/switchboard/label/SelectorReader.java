package dev.switchboard.label;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;

import dev.switchboard.protocol.LabelRules;

/**
 * Reads a selector. The grammar is the one of Kubernetes, with one addition: a value may
 * stand in double quotes, because the values of labels may have any characters.
 *
 * <pre>
 * selector    = [ requirement *( "," requirement ) ]
 * requirement = name / "!" name / name ( "=" / "==" / "!=" ) value
 *             / name ( "in" / "notin" ) "(" value *( "," value ) ")"
 * value       = *( any character but , ( ) = ! " and white space )
 *             / DQUOTE *( any character but " and \ / "\" any character ) DQUOTE
 * </pre>
 */
final class SelectorReader {

	private static final int MAX_LENGTH = 8192;

	private static final int MAX_REQUIREMENTS = 32;

	private static final int MAX_VALUES = 100;

	private static final String ENDS_A_WORD = ",()=!\"";

	private final String text;

	private int index;

	SelectorReader(String text) {
		this.text = text;
	}

	Selector read() {
		if (this.text.length() > MAX_LENGTH) {
			throw new SelectorException("more than " + MAX_LENGTH + " characters", MAX_LENGTH);
		}
		List<Requirement> requirements = new ArrayList<>();
		skipSpace();
		if (isAtEnd()) {
			return Selector.ALL;
		}
		do {
			if (requirements.size() == MAX_REQUIREMENTS) {
				throw fault("more than " + MAX_REQUIREMENTS + " requirements");
			}
			requirements.add(requirement());
		}
		while (take(","));
		if (!isAtEnd()) {
			throw fault("',' expected");
		}
		return new Selector(requirements);
	}

	private Requirement requirement() {
		if (take("!")) {
			return new Requirement(name(), true, none());
		}
		String name = name();
		if (take("==") || take("=")) {
			return new Requirement(name, false, only(value()));
		}
		if (take("!=")) {
			return new Requirement(name, true, only(value()));
		}
		return (isAtEnd() || isAt(",")) ? new Requirement(name, false, none()) : ofSet(name);
	}

	private Requirement ofSet(String name) {
		int start = this.index;
		String operator = word();
		return switch (operator) {
			case "in" -> new Requirement(name, false, values());
			case "notin" -> new Requirement(name, true, values());
			default -> throw new SelectorException("'=', '==', '!=', 'in', 'notin' or ',' expected", start);
		};
	}

	private SequencedSet<String> values() {
		if (!take("(")) {
			throw fault("'(' expected");
		}
		SequencedSet<String> values = none();
		do {
			if (values.size() == MAX_VALUES) {
				throw fault("more than " + MAX_VALUES + " values");
			}
			values.add(value());
		}
		while (take(","));
		if (!take(")")) {
			throw fault("',' or ')' expected");
		}
		return values;
	}

	private String name() {
		int start = this.index;
		String name = word();
		if (!LabelRules.isName(name)) {
			throw new SelectorException("name of a label expected", start);
		}
		return name;
	}

	private String value() {
		int start = this.index;
		String value = take("\"", false) ? quoted(start) : word();
		if (!LabelRules.isValue(value)) {
			throw new SelectorException("value longer than " + LabelRules.MAX_VALUE + " characters", start);
		}
		return value;
	}

	private String quoted(int start) {
		StringBuilder value = new StringBuilder();
		while (!take("\"")) {
			take("\\", false);
			if (isAtEnd()) {
				throw new SelectorException("'\"' without an end", start);
			}
			value.append(this.text.charAt(this.index++));
		}
		return value.toString();
	}

	private String word() {
		int start = this.index;
		while (!isAtEnd() && !isAtEndOfWord()) {
			this.index++;
		}
		String word = this.text.substring(start, this.index);
		skipSpace();
		return word;
	}

	private boolean isAtEndOfWord() {
		char c = this.text.charAt(this.index);
		return Character.isWhitespace(c) || ENDS_A_WORD.indexOf(c) >= 0;
	}

	private boolean take(String token) {
		return take(token, true);
	}

	private boolean take(String token, boolean andSpace) {
		boolean there = isAt(token);
		if (there) {
			this.index += token.length();
			if (andSpace) {
				skipSpace();
			}
		}
		return there;
	}

	private boolean isAt(String token) {
		return this.text.startsWith(token, this.index);
	}

	private boolean isAtEnd() {
		return this.index == this.text.length();
	}

	private void skipSpace() {
		while (!isAtEnd() && Character.isWhitespace(this.text.charAt(this.index))) {
			this.index++;
		}
	}

	private SelectorException fault(String fault) {
		return new SelectorException(fault, this.index);
	}

	private static SequencedSet<String> none() {
		return new LinkedHashSet<>();
	}

	private static SequencedSet<String> only(String value) {
		SequencedSet<String> values = none();
		values.add(value);
		return values;
	}

}
