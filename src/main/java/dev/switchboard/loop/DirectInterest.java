package dev.switchboard.loop;

/**
 * Marks a Netty {@code IoHandle} that submits its interest only when the interest
 * changes. So {@link CoalescedInterest} does not wrap the registration of this handle.
 */
public interface DirectInterest {

}
