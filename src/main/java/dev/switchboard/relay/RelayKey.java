package dev.switchboard.relay;

/**
 * Names a relay.
 *
 * @param tenant the tenant of a webhook; empty for a relay of all tenants
 * @param name the relay's name, unique in the tenant
 */
record RelayKey(String tenant, String name) {

	static RelayKey ofAll(String name) {
		return new RelayKey("", name);
	}

	boolean isWebhook() {
		return !this.tenant.isEmpty();
	}

	@Override
	public String toString() {
		return isWebhook() ? this.tenant + "/" + this.name : this.name;
	}

}
