package dev.switchboard.database;

/** Deletes rows that have become old; {@link Retention} runs each bean of this type. */
@FunctionalInterface
public interface Deletion extends LimitedUpdate {

}
