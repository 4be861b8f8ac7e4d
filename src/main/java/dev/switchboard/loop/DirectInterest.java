package dev.switchboard.loop;

/**
 * Marks a Netty {@code IoHandle} that submits its interest only when it changes, so that
 * {@link CoalescedInterest} leaves its registration alone.
 */
public interface DirectInterest {

}
