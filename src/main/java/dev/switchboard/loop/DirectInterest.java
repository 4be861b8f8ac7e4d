package dev.switchboard.loop;

/**
 * Marks a Netty {@code IoHandle} that submits its interest only when that changes, so
 * that {@link CoalescedInterest} has nothing to coalesce.
 */
public interface DirectInterest {

}
