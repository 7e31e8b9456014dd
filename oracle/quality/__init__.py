"""What is wrong with readings, found and counted, never silently repaired."""
