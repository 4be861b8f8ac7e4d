package dev.switchboard.quota;

/**
 * How much of a quota a tenant uses on one node.
 *
 * @param asked how much was asked for, whether or not it was given: a number in a second,
 * or the most places that were needed at a time
 * @param held the places that are held now; 0 for a quota that counts what happens in a
 * second
 */
public record Use(double asked, double held) {

	static final Use NONE = new Use(0, 0);

}
