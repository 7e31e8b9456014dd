"""One router per stage; each translates between HTTP and a service, and decides nothing."""
