"""The demonstration: 17 measured homes that bid, trade, get paid, and can see what it was good for."""
