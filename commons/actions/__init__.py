"""What people do with a community, as plain functions: the commands call them, and so does the demo for many at once.

Each takes a chain and signers, checks first, and says in words why it refuses. Functions named `…_call` only build the
call, so that many of different members can be sent together with `Chain.send_all`.
"""
