package dev.switchboard.overload;

/**
 * The load of this node at one moment. Immutable.
 *
 * @param loopDelayMillis how late the most delayed event loop is, in milliseconds
 * @param heapPercent the percentage of the heap that is in use after collections
 * @param directPercent the percentage of the memory for direct buffers that is in use
 * @param refusing whether an event loop refuses calls at the moment
 */
record Measurement(double loopDelayMillis, double heapPercent, double directPercent, boolean refusing) {
}
