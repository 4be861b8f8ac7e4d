package dev.switchboard.database;

/** Deletes rows that have become old; {@link Retention} runs each one that is a bean. */
@FunctionalInterface
public interface Deletion extends LimitedUpdate {

}
