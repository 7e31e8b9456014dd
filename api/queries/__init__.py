"""What routers ask of the read model: the only place of the API's SQL, beside the follower."""
