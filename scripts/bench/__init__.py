"""`make bench`: what the work costs, as ratios to a yardstick measured in the same run."""
