package dev.switchboard.json;

/**
 * A member of an object, and where in the text its value lies.
 *
 * @param name the name, in which escapes are decoded
 * @param start the value's first byte
 * @param end the byte after the value
 */
record Member(String name, int start, int end) {
}
