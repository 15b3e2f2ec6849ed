"""One layer: how it is made, configured, built and assigned to."""
