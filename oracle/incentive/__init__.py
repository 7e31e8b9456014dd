"""The incentive that a community receives in euro: whom of it how much belongs to, by which rule, and why."""
