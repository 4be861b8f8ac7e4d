package dev.switchboard.directory;

import java.util.List;

/**
 * Is notified of recorded changes of agents' presence. Thread-safe; the methods return at
 * once.
 */
public interface ChangeListener {

	/** Called with the agents whose claims or releases this node has just stored. */
	void changed(List<AgentChanges> agents);

	/** Called when this node has released claims of a node that is gone. */
	void released();

}
