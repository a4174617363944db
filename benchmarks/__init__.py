"""Speed as ratios in one run: ours against the bare library or a peer."""
